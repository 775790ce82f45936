// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;

import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.bean.override.mockito.MockitoBean;
import org.springframework.test.context.junit.jupiter.SpringExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.verify;

/**
 * A mock in the place of an executor bean is what the test finds.
 */
@ExtendWith(SpringExtension.class)
@ContextConfiguration(classes = TestToolsTests.Kinds.class)
class MockitoBeanTests {

	@Autowired
	private BeanFactory context;

	@MockitoBean(name = "taskExecutor")
	private ThreadPoolTaskExecutor taskExecutor;

	@MockitoBean(name = "pool")
	private ThreadPoolExecutor pool;

	@MockitoBean(name = "service")
	private ExecutorService service;

	@MockitoBean(name = "own")
	private TestToolsTests.OwnExecutor own;

	@ParameterizedTest
	@ValueSource(strings = { "taskExecutor", "pool", "service", "own" })
	void whenBeanIsAMockThenVerifyFindsTheCallAndNoTaskRuns(String name) {
		Executor bean = this.context.getBean(name, Executor.class);
		CountDownLatch ran = new CountDownLatch(1);
		bean.execute(ran::countDown);
		verify(bean).execute(any());
		assertThat(ran.getCount()).isEqualTo(1);
	}

}
