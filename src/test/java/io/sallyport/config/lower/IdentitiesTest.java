package io.sallyport.config.lower;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdentitiesTest {
    @ParameterizedTest
    @CsvSource({
        "%any,ANY,%any",
        "0.0.0.0,ANY,%any",
        "192.0.2.1,IPV4_ADDR,192.0.2.1",
        "2001:db8::1,IPV6_ADDR,2001:db8::1",
        "@gw.example,FQDN,gw.example",
        "gw.example,FQDN,gw.example",
        "@192.0.2.1,FQDN,192.0.2.1",
        "me@example.com,USER_FQDN,me@example.com",
        "@@me@example.com,USER_FQDN,me@example.com",
        "@#0a:0B,KEY_ID,@#0a0b",
        "keyid:gw,KEY_ID,@#6777",
        "keyid:#ff,KEY_ID,@#ff",
        "fqdn:#6777,FQDN,gw",
        "email:me@x,USER_FQDN,me@x",
        "ipv4:192.0.2.1,IPV4_ADDR,192.0.2.1",
        "group:one,KEY_ID,@#67726f75703a6f6e65",
    })
    void anIdentityHasTheTypeOfItsForm(String text, String type, String shown) {
        assertTrue(
                Identities.parse(text) instanceof Identities.Good good
                        && good.identity().type().name().equals(type)
                        && good.identity().toString().equals(shown),
                () -> "" + Identities.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "C=CH, XX=me",
                "@",
                "@#",
                "@#abc",
                "@#zz",
                "%anny",
                "192.0.2.256",
                "1.2.3",
                "^vpn.*$",
                "asn1dn:C=CH",
                "ipv6:x"
            })
    void whatIsNoIdentitySaysWhy(String text) {
        assertTrue(
                Identities.parse(text) instanceof Identities.Bad bad && bad.why().startsWith("is "),
                () -> "" + Identities.parse(text));
    }

    @ParameterizedTest
    @CsvSource({"dpddlay,dpddelay", "leftsubent,leftsubnet", "conn,conn", "xyz,-", "a,-"})
    void theNearestWordIsFound(String word, String nearest) {
        assertEquals(
                nearest,
                io.sallyport.config.syntax.DidYouMean.nearest(
                                word, java.util.List.of("dpddelay", "leftsubnet", "conn"))
                        .orElse("-"));
    }
}
