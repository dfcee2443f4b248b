package io.sallyport.base.name;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sallyport.base.Octets;
import java.util.Optional;
import java.util.Random;
import javax.security.auth.x500.X500Principal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DistinguishedNameTest {
    /// The JDK, which reads from the last part to the first, makes the same octets.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "C=CH, O=strongSwan Project, CN=moon.strongswan.org|CN=moon.strongswan.org,"
                        + "O=strongSwan Project,C=CH",
                "C=DE,ST=Baden,L=Ulm,OU=Größe|OU=Größe,L=Ulm,ST=Baden,C=DE",
                "/DC=org/DC=example/CN=x|CN=x,DC=example,DC=org",
            })
    void theJdkMakesTheSame(String ours, String theirs) {
        assertEquals(
                Octets.of(new X500Principal(theirs).getEncoded()),
                DistinguishedName.encode(ours).orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "C=CH, O=strongSwan, CN=*",
                "E=carol@example.org, UID=7, SN=12",
                "DC=org, DC=example",
            })
    void textSurvives(String text) {
        assertEquals(
                Optional.of(text),
                DistinguishedName.text(DistinguishedName.encode(text).orElseThrow()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "moon", "C", "C=", "C=CH,,CN=x", "XX=y", "=y", "/"})
    void otherTextIsNone(String text) {
        assertEquals(Optional.empty(), DistinguishedName.encode(text));
    }

    @Test
    void anyOctetsAreReadWithoutHarm() {
        byte[] name = DistinguishedName.encode("C=CH, O=a, CN=moon").orElseThrow().toArray();
        Random random = new Random(7);
        for (int round = 0; round < 5000; round++) {
            byte[] wild = name.clone();
            for (int i = random.nextInt(4); i >= 0; i--) {
                wild[random.nextInt(wild.length)] = (byte) random.nextInt();
            }
            DistinguishedName.text(Octets.of(wild));
        }
        assertEquals(Optional.empty(), DistinguishedName.text(Octets.EMPTY));
        assertEquals(Optional.empty(), DistinguishedName.text(Octets.hex("3000")));
    }
}
