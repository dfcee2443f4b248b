package io.sallyport.wire.ike.v2;

import io.sallyport.base.Octets;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.Reader;
import io.sallyport.wire.ike.Writer;

/// A sealed piece of the payloads that would be in one [Encrypted]: SKF (RFC 7383, 2.5). The last
/// of its message.
///
/// ```text
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-------------------------------+-------------------------------+
/// |        fragment number        |        total fragments        |
/// +-------------------------------+-------------------------------+
/// |              IV, ciphertext, integrity checksum               |
/// +---------------------------------------------------------------+
/// ```
///
/// @param firstType of the first payload inside; [PayloadType#NONE] in all fragments but the first
/// @param number counts from 1
/// @param total 1..65535, not less than `number`
/// @param sealed IV, ciphertext and integrity checksum
public record EncryptedFragment(int firstType, int number, int total, Octets sealed)
        implements Payload {
    /// Octets before the IV.
    public static final int NUMBERS = 4;

    public EncryptedFragment {
        if (firstType >>> 8 != 0
                || !fits(firstType, number, total)
                || sealed.length() > MAX_BODY - NUMBERS) {
            throw new IllegalArgumentException("fragment " + number + " of " + total);
        }
    }

    /// RFC 7383, 2.5: both numbers are at least one, and "the number MUST be less than or equal to"
    /// the total; the next payload field of all but the first fragment is zero.
    private static boolean fits(int firstType, int number, int total) {
        return number >= 1
                && total <= 0xffff
                && number <= total
                && (number == 1 || firstType == PayloadType.NONE);
    }

    static EncryptedFragment parse(int next, Reader in) throws MalformedException {
        int number = in.u16("fragment number");
        int total = in.u16("total fragments");
        if (!fits(next, number, total)) {
            throw in.malformed(
                    "fragment " + number + " of " + total + " before payload type " + next);
        }
        return new EncryptedFragment(next, number, total, in.rest());
    }

    /// @throws MalformedException if there are too few octets
    public Encrypted.Parts parts(int ivOctets, int icvOctets) throws MalformedException {
        return Encrypted.Parts.of(sealed, ivOctets, icvOctets);
    }

    @Override
    public int type() {
        return PayloadType.ENCRYPTED_FRAGMENT;
    }

    @Override
    public Octets body() {
        return new Writer(NUMBERS + sealed.length())
                .u16(number)
                .u16(total)
                .octets(sealed)
                .toOctets();
    }
}
