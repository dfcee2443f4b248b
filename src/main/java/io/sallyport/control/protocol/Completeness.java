package io.sallyport.control.protocol;

import java.lang.reflect.RecordComponent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Gson leaves null what a message does not say or says in a word we do not know. A record means
/// what it says: what is not `@Nullable` is there.
final class Completeness {
    private Completeness() {}

    /// The dotted name of the first component that is null and must not be; empty: none.
    static String missing(Object view) {
        if (view instanceof List<?> list) {
            for (Object item : list) {
                String inside = missing(item);
                if (!inside.isEmpty()) {
                    return inside;
                }
            }
        }
        if (!(view instanceof Record)) {
            return "";
        }
        for (RecordComponent component : view.getClass().getRecordComponents()) {
            Object value = value(view, component);
            if (value == null) {
                if (!component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
                    return component.getName();
                }
                continue;
            }
            String inside = missing(value);
            if (!inside.isEmpty()) {
                return component.getName() + "." + inside;
            }
        }
        return "";
    }

    private static @Nullable Object value(Object view, RecordComponent component) {
        try {
            return component.getAccessor().invoke(view);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("views are public records", e);
        }
    }
}
