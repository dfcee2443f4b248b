package io.sallyport.crypto.choose;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sallyport.crypto.jce.JceEngine;
import java.util.List;
import org.junit.jupiter.api.Test;

class KnownAnswersTest {
    @Test
    void theJceEngineGivesEveryKnownAnswer() {
        long t = System.nanoTime();
        assertEquals(List.of(), EngineChooser.choose(new JceEngine()).proveAll());
        System.out.println("ALL " + (System.nanoTime() - t) / 1000000);
    }
}
