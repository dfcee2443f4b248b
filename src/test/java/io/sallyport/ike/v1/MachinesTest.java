package io.sallyport.ike.v1;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The drawing in docs/machines names every state there is.
class MachinesTest {
    @Test
    void theDrawingNamesEveryState() throws IOException {
        String drawing = Files.readString(Path.of("docs/machines/ikev1.md"));
        List<String> missing =
                Stream.of(MainState.class, QuickState.class)
                        .flatMap(sealed -> Stream.of(sealed.getPermittedSubclasses()))
                        .map(Class::getSimpleName)
                        .filter(name -> !drawing.matches("(?s).*\\b" + name + "\\b.*"))
                        .toList();
        assertEquals(List.of(), missing);
    }
}
