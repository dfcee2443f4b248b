package io.sallyport.ike.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Message IDs, a window of one each way.
class MessageWindowTest {
    private static final Octets ONE = Octets.ascii("one");
    private static final Octets TWO = Octets.ascii("two");

    @Test
    void theirs() {
        MessageWindow window = new MessageWindow();
        assertEquals(MessageWindow.Standing.NEW, window.judge(0, ONE));
        assertEquals(MessageWindow.Standing.STRANGE, window.judge(1, ONE));
        window.taken(0, ONE);
        assertEquals(MessageWindow.Standing.REPEATED, window.judge(0, ONE));
        assertEquals(List.of(), window.lastAnswer(), "not answered yet");
        window.answered(List.of(TWO));
        assertEquals(List.of(TWO), window.lastAnswer());
        // other octets under a used ID get no answer
        assertEquals(MessageWindow.Standing.STRANGE, window.judge(0, TWO));
        window.taken(1, TWO);
        assertEquals(MessageWindow.Standing.STRANGE, window.judge(0, ONE));
    }

    @Test
    void ours() {
        MessageWindow window = new MessageWindow();
        assertFalse(window.isAwaited(0));
        assertEquals(0, window.begin());
        assertTrue(window.isAwaited(0));
        assertFalse(window.isAwaited(1));
        assertThrows(IllegalStateException.class, window::begin);
        window.done();
        assertFalse(window.isAwaited(0), "answered once");
        assertEquals(1, window.begin());
        window.beginAgain();
        assertEquals(0, window.begin());
    }
}
