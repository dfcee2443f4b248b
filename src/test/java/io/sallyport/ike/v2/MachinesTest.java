package io.sallyport.ike.v2;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sallyport.ike.v2.task.Answer;
import io.sallyport.ike.v2.task.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The drawing in docs/machines names every state and every task there is.
class MachinesTest {
    @Test
    void theDrawingNamesEveryState() throws IOException {
        String drawing = Files.readString(Path.of("docs/machines/ikev2.md"));
        List<String> missing =
                Stream.of(V2State.class, Task.class, Answer.class)
                        .flatMap(sealed -> Stream.of(sealed.getPermittedSubclasses()))
                        .map(Class::getSimpleName)
                        .filter(name -> !drawing.matches("(?s).*\\b" + name + "\\b.*"))
                        .toList();
        assertEquals(List.of(), missing);
    }
}
