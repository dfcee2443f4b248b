package io.sallyport.cli.verb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import io.sallyport.control.local.Trouble;
import org.junit.jupiter.api.Test;

/// S1-05: `sad`, `spd` and `trace`, over a control socket.
class DatabaseVerbsTest extends AskedDaemon {
    @Test
    void theSadIsATableOfPairs() throws Trouble {
        assertEquals(0, run(new SadVerb()));
        String[] lines = console.out().split("\n");
        assertEquals(2, lines.length);
        assertTrue(lines[0].startsWith("CHILD"), lines[0]);
        assertTrue(lines[1].contains("c3a80a1f  5e01aa00"), lines[1]);
    }

    @Test
    void theSpdIsATableOfPolicies() throws Trouble {
        assertEquals(0, run(new SpdVerb()));
        assertTrue(console.out().contains("protect"), console.out());
        assertTrue(console.out().contains("0.0.0.0/0 === 0.0.0.0/0"), console.out());
    }

    @Test
    void bothAreJsonWhenAsked() throws Trouble {
        run(new SadVerb(), "--json");
        assertEquals(
                17,
                JsonParser.parseString(console.out())
                        .getAsJsonArray()
                        .get(0)
                        .getAsJsonObject()
                        .get("sequenceOut")
                        .getAsInt());
    }

    @Test
    void aTraceEndsOrLeaves() throws Trouble {
        assertEquals(1, run(new TraceVerb(), "10.1.0.9", "10.2.0.9", "-p", "tcp"));
        assertEquals("policy  none covers it: NO_POLICY  [ends here]\n", console.out());
        assertEquals(0, run(new TraceVerb(), "10.1.0.9", "10.2.0.9", "--link", "vti1", "--df"));
        assertTrue(
                operator.asked
                        .getLast()
                        .contains(
                                "protocol=17, fromPort=0, toPort=0, length=100, dontFragment=true"),
                operator.asked.toString());
    }

    @Test
    void aTraceWantsTwoAddresses() {
        assertThrows(Trouble.class, () -> run(new TraceVerb(), "10.1.0.9", "example.org"));
        assertThrows(
                Trouble.class, () -> run(new TraceVerb(), "10.1.0.9", "10.2.0.9", "-p", "ping"));
    }
}
