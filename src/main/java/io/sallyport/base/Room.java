package io.sallyport.base;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// The door plate of a room (a top-level package): which other rooms it may use. `HouseRulesTest`
/// compares every dependency with the plate.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.PACKAGE)
public @interface Room {
    /// Names of the rooms that this one may use, e.g. `{"base", "wire"}`.
    String[] uses() default {};
}
