package io.sallyport.daemon.steer;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;

import io.sallyport.model.port.Credentials;
import java.lang.reflect.Method;
import org.junit.jupiter.api.Test;

/// What stands before the credentials answers nothing itself.
class ReloadableCredentialsTest {
    /// The port has defaults, for who has no such keys: one that is not passed on would hide what
    /// is configured.
    @Test
    void everyQuestionIsPassedOn() {
        for (Method question : Credentials.class.getMethods()) {
            assertDoesNotThrow(
                    () ->
                            ReloadableCredentials.class.getDeclaredMethod(
                                    question.getName(), question.getParameterTypes()),
                    question.toString());
        }
    }
}
