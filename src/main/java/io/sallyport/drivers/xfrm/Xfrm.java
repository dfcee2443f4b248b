package io.sallyport.drivers.xfrm;

/// Numbers of linux/xfrm.h, and the sizes of its structures, which are the same on all 64-bit
/// machines.
final class Xfrm {
    static final int XFRM_MSG_NEWSA = 0x10;
    static final int XFRM_MSG_DELSA = 0x11;
    static final int XFRM_MSG_GETSA = 0x12;
    static final int XFRM_MSG_DELPOLICY = 0x14;
    static final int XFRM_MSG_ACQUIRE = 0x17;
    static final int XFRM_MSG_EXPIRE = 0x18;
    static final int XFRM_MSG_UPDPOLICY = 0x19;
    static final int XFRM_MSG_MAPPING = 0x26;

    /// Multicast groups, as bits of `sockaddr_nl`.
    static final int GROUP_ACQUIRE = 1;

    static final int GROUP_EXPIRE = 1 << 1;
    static final int GROUP_MAPPING = 1 << 7;

    static final int XFRMA_ALG_CRYPT = 2;
    static final int XFRMA_ENCAP = 4;
    static final int XFRMA_TMPL = 5;
    static final int XFRMA_REPLAY_VAL = 10;
    static final int XFRMA_LASTUSED = 15;
    static final int XFRMA_SRCADDR = 13;
    static final int XFRMA_ALG_AEAD = 18;
    static final int XFRMA_ALG_AUTH_TRUNC = 20;
    static final int XFRMA_MARK = 21;
    static final int XFRMA_TFCPAD = 22;
    static final int XFRMA_REPLAY_ESN_VAL = 23;
    static final int XFRMA_SA_EXTRA_FLAGS = 24;
    static final int XFRMA_SET_MARK = 29;
    static final int XFRMA_IF_ID = 31;

    static final int XFRM_MODE_TRANSPORT = 0;
    static final int XFRM_MODE_TUNNEL = 1;
    static final int XFRM_MODE_BEET = 4;

    static final int XFRM_STATE_NOECN = 1;
    static final int XFRM_STATE_DECAP_DSCP = 2;
    static final int XFRM_STATE_AF_UNSPEC = 32;

    /// The ICV of AH fills 4 octets, not 8, as RFC 4302, 3.3.3.2.1 has it for IPv4.
    static final int XFRM_STATE_ALIGN4 = 64;

    static final int XFRM_STATE_ESN = 128;

    /// Of `XFRMA_SA_EXTRA_FLAGS`.
    static final int XFRM_SA_XFLAG_DONT_ENCAP_DSCP = 1;

    static final int XFRM_POLICY_ALLOW = 0;
    static final int XFRM_POLICY_BLOCK = 1;

    /// RFC 3948.
    static final int UDP_ENCAP_ESPINUDP = 2;

    static final int SELECTOR = 56;
    static final int USERSA_INFO = 224;
    static final int USERPOLICY_INFO = 168;
    static final int TEMPLATE = 64;

    /// Where things are in `struct xfrm_usersa_info`.
    static final int SA_DESTINATION = 56;

    static final int SA_SPI = 72;
    static final int SA_BYTES = 160;
    static final int SA_PACKETS = 168;
    static final int SA_REQID = 208;
    static final int SA_FAMILY = 212;

    /// No limit (`XFRM_INF`).
    static final long INFINITE = -1L;

    private Xfrm() {}
}
