// SPDX-License-Identifier: Apache-2.0

package io.github.executormetrics.autoconfigure;

import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.PropertyValue;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.BeanDefinitionHolder;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.ConstructorArgumentValues.ValueHolder;
import org.springframework.beans.factory.config.TypedStringValue;
import org.springframework.util.ClassUtils;
import org.springframework.util.ObjectUtils;

/**
 * Names the executors of beans, each by the same name at every start. An inner bean is
 * named after the bean and the property that it is the value of, since its own name has
 * an identity hash in it.
 */
final class ExecutorBeanNames {

	private static final String SEPARATOR = BeanFactoryUtils.GENERATED_BEAN_NAME_SEPARATOR;

	private ExecutorBeanNames() {
	}

	/**
	 * Names an executor.
	 * @param bean the executor
	 * @param beanName its name in the bean factory
	 * @param beanFactory the bean factory, or null where it is not known
	 * @return the name of its entry
	 */
	static String of(Object bean, String beanName, @Nullable ConfigurableListableBeanFactory beanFactory) {
		if (ScopedProxyUtils.isScopedTarget(beanName)) {
			return ScopedProxyUtils.getOriginalBeanName(beanName);
		}
		if (beanFactory == null || !beanName.contains(SEPARATOR) || beanFactory.containsBeanDefinition(beanName)) {
			return beanName;
		}
		String outer = outermost(beanName, beanFactory);
		if (outer == null) {
			return beanName;
		}
		String place = placeIn(beanFactory.getMergedBeanDefinition(outer), beanName);
		String outerName = ScopedProxyUtils.isScopedTarget(outer) ? ScopedProxyUtils.getOriginalBeanName(outer) : outer;
		return outerName + ((place != null) ? place : "." + ClassUtils.getShortName(bean.getClass()));
	}

	/**
	 * Finds the bean that holds an inner bean, directly or through further inner beans.
	 */
	private static @Nullable String outermost(String inner, ConfigurableListableBeanFactory beanFactory) {
		String name = inner;
		while (!beanFactory.containsBeanDefinition(name)) {
			String[] holders = beanFactory.getDependentBeans(name);
			if (holders.length == 0) {
				return null;
			}
			name = holders[0];
		}
		return name;
	}

	private static @Nullable String placeIn(BeanDefinition definition, String inner) {
		for (PropertyValue property : definition.getPropertyValues()) {
			String place = placeIn(property.getValue(), inner);
			if (place != null) {
				return "." + property.getName() + place;
			}
		}
		for (Map.Entry<Integer, ValueHolder> argument : definition.getConstructorArgumentValues()
			.getIndexedArgumentValues()
			.entrySet()) {
			String place = placeIn(argument.getValue().getValue(), inner);
			if (place != null) {
				return "[" + argument.getKey() + "]" + place;
			}
		}
		int position = 0;
		for (ValueHolder argument : definition.getConstructorArgumentValues().getGenericArgumentValues()) {
			String place = placeIn(argument.getValue(), inner);
			if (place != null) {
				return ((argument.getName() != null) ? "." + argument.getName() : "[" + position + "]") + place;
			}
			position++;
		}
		return null;
	}

	private static @Nullable String placeIn(@Nullable Object value, String inner) {
		if (value instanceof BeanDefinitionHolder holder) {
			return isNamed(inner, holder.getBeanName()) ? "" : placeIn(holder.getBeanDefinition(), inner);
		}
		if (value instanceof BeanDefinition definition) {
			return isNamed(inner, "(inner bean)" + SEPARATOR + ObjectUtils.getIdentityHexString(definition)) ? ""
					: placeIn(definition, inner);
		}
		if (value instanceof Iterable<?> values) {
			int index = 0;
			for (Object each : values) {
				String place = placeIn(each, inner);
				if (place != null) {
					return "[" + index + "]" + place;
				}
				index++;
			}
		}
		if (value instanceof Map<?, ?> values) {
			for (Map.Entry<?, ?> entry : values.entrySet()) {
				String place = placeIn(entry.getValue(), inner);
				if (place != null) {
					Object key = (entry.getKey() instanceof TypedStringValue text) ? text.getValue() : entry.getKey();
					return "[" + key + "]" + place;
				}
			}
		}
		return null;
	}

	/**
	 * A name that is in use gets a number at its end.
	 */
	private static boolean isNamed(String inner, String name) {
		return inner.equals(name) || inner.startsWith(name + SEPARATOR);
	}

}
