package io.github.executormetrics.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Copies the packaged sample application, with the two jars of this project or without
 * them: its own classes know neither, and what the starter depends on stays.
 */
final class SampleJar {

	private static final String OURS = "BOOT-INF/lib/executor-metrics-";

	private SampleJar() {
	}

	static Path copy(Path packaged, Path copy, boolean whole) throws IOException {
		try (ZipFile from = new ZipFile(packaged.toFile());
				ZipOutputStream to = new ZipOutputStream(Files.newOutputStream(copy))) {
			for (ZipEntry entry : Collections.list(from.entries())) {
				if (whole || !entry.getName().startsWith(OURS)) {
					byte[] content = from.getInputStream(entry).readAllBytes();
					write(entry, (whole || !entry.getName().endsWith(".idx")) ? content : withoutOurs(content), to);
				}
			}
		}
		return copy;
	}

	/**
	 * An index tells one jar a line.
	 */
	private static byte[] withoutOurs(byte[] index) {
		return new String(index, StandardCharsets.UTF_8).lines()
			.filter((line) -> !line.contains(OURS))
			.collect(Collectors.joining("\n", "", "\n"))
			.getBytes(StandardCharsets.UTF_8);
	}

	private static void write(ZipEntry entry, byte[] content, ZipOutputStream to) throws IOException {
		ZipEntry copy = new ZipEntry(entry.getName());
		copy.setTime(entry.getTime());
		copy.setMethod(entry.getMethod());
		if (entry.getMethod() == ZipEntry.STORED) {
			// which has to be told beforehand; Spring Boot reads nested jars only as
			// stored
			CRC32 checksum = new CRC32();
			checksum.update(content);
			copy.setCrc(checksum.getValue());
			copy.setSize(content.length);
		}
		to.putNextEntry(copy);
		to.write(content);
		to.closeEntry();
	}

}
