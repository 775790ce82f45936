// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Copies the packaged sample application: whole, without the two jars of this project, or
 * without what these depend on either. Its own classes know none of it.
 */
enum SampleJar {

	WITH(Pattern.compile("(?!)")),

	WITHOUT(Pattern.compile("executor-metrics-.*")),

	WITHOUT_DEPENDENCIES(Pattern.compile("executor-metrics-.*|spring-boot-(actuator|health|micrometer|opentelemetry).*"
			+ "|micrometer-(jakarta9|registry-otlp|tracing).*|opentelemetry-.*|protobuf-.*|okhttp-.*|okio-.*|kotlin-.*"));

	private static final String LIBRARIES = "BOOT-INF/lib/";

	private final Pattern left;

	SampleJar(Pattern left) {
		this.left = left;
	}

	Path copy(Path packaged, Path copy) throws IOException {
		try (ZipFile from = new ZipFile(packaged.toFile());
				ZipOutputStream to = new ZipOutputStream(Files.newOutputStream(copy))) {
			for (ZipEntry entry : Collections.list(from.entries())) {
				if (!isLeft(entry.getName())) {
					byte[] content = from.getInputStream(entry).readAllBytes();
					write(entry, entry.getName().endsWith(".idx") ? shortened(content) : content, to);
				}
			}
		}
		return copy;
	}

	private boolean isLeft(String name) {
		return name.startsWith(LIBRARIES) && this.left.matcher(name.substring(LIBRARIES.length())).matches();
	}

	/**
	 * An index tells one jar a line.
	 */
	private byte[] shortened(byte[] index) {
		return new String(index, StandardCharsets.UTF_8).lines()
			.filter((line) -> !isLeft(line.replaceAll("[-\" ]*(BOOT-INF/.*)\"", "$1")))
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
