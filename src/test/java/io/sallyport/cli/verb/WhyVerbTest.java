package io.sallyport.cli.verb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.sallyport.control.local.Trouble;
import java.util.List;
import org.junit.jupiter.api.Test;

/// `why`, over a control socket.
class WhyVerbTest extends AskedDaemon {
    private String run(String... options) throws Trouble {
        assertEquals(0, run(new WhyVerb(), options));
        return console.out();
    }

    @Test
    void aParagraphNamesBothSidesAndTheLine() throws Trouble {
        String text = run("office");
        assertEquals(List.of("why office"), operator.asked);
        List<String> lines = List.of(text.split("\\n"));
        assertEquals("office/net: the two ends want other traffic protected", lines.getFirst());
        assertTrue(lines.contains("  traffic  we:   10.9.0.0/16 === 10.1.0.0/16"), text);
        assertTrue(lines.contains("           they: 10.1.0.0/16 === 10.2.0.0/16"), text);
        assertTrue(
                lines.contains("  who      we:   sun.example, takes the peer for moon.example"),
                text);
        assertTrue(lines.contains("  decided  /etc/swanctl/swanctl.conf:12"), text);
        assertTrue(text.contains("3 times, last "), text);
    }

    @Test
    void asJsonEveryFieldIsThere() throws Trouble {
        JsonObject failure =
                JsonParser.parseString(run("--json")).getAsJsonArray().get(0).getAsJsonObject();
        assertEquals("selectors", failure.get("cause").getAsString());
        assertEquals(
                "10.1.0.0/16 === 10.2.0.0/16",
                failure.getAsJsonObject("them").get("selectors").getAsString());
        assertTrue(failure.get("mended").isJsonNull());
        assertEquals(21, failure.size());
    }

    @Test
    void whoHasNoFailureHearsWhoHas() throws Trouble {
        assertEquals("no failure is known of nobody\nthere are some of office\n", run("nobody"));
    }
}
