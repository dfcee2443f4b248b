package io.sallyport.drivers.tun;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.ffi.linux.LinuxException;
import org.junit.jupiter.api.Test;

class TunDeviceTest {
    @Test
    void namesThatLinuxTakes() {
        assertTrue(TunDevice.isName("vti1"));
        assertTrue(TunDevice.isName("123456789012345"));
        assertTrue(TunDevice.isName("tun%d"));
        assertFalse(TunDevice.isName("1234567890123456"));
        assertFalse(TunDevice.isName(""));
        assertFalse(TunDevice.isName("a b"));
        assertFalse(TunDevice.isName("a/b"));
        assertFalse(TunDevice.isName("eth0:1"));
        assertFalse(TunDevice.isName("."));
        assertFalse(TunDevice.isName(".."));
        assertFalse(TunDevice.isName("tünnel"));
        assertThrows(IllegalArgumentException.class, () -> TunDevice.open("a b", 1));
    }

    @Test
    void withoutTheDriverThePersonIsToldHowToGetIt() {
        LinuxException e =
                assertThrows(
                        LinuxException.class,
                        () -> TunDevice.open("vti1", 1, "/dev/net/no-such-device"));
        assertEquals(
                "open /dev/net/no-such-device: ENOENT (No such file or directory). The kernel's TUN"
                        + " driver is not there: run `modprobe tun`; in a container, start it with"
                        + " --device /dev/net/tun",
                e.getMessage());
    }
}
