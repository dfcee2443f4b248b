package io.sallyport.creds.store;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.creds.pem.BadCredential;
import io.sallyport.creds.pem.Credential;
import io.sallyport.creds.pem.CredentialFile;
import io.sallyport.model.spec.KeySource;
import io.sallyport.model.spec.Origin;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/// Reads what configurations name.
final class KeySources {
    private final OnTokens tokens;

    KeySources(OnTokens tokens) {
        this.tokens = tokens;
    }

    /// What stays the same when a configuration is read again.
    static Object key(KeySource source) {
        return switch (source) {
            case KeySource.File(String path, Origin _) -> path;
            case KeySource.Inline(Octets data, Origin _) -> data;
            case KeySource.Token(String handle, String slot, String module, Origin _) ->
                    List.of(handle, slot, module);
        };
    }

    /// How it is called in a sentence.
    static String name(KeySource source) {
        return switch (source) {
            case KeySource.File(String path, Origin _) -> path;
            case KeySource.Inline _ -> "what was sent";
            case KeySource.Token(String handle, String slot, String module, Origin _) ->
                    handle
                            + " on a token"
                            + (slot.isEmpty() ? "" : " in slot " + slot)
                            + (module.isEmpty() ? "" : " of module " + module);
        };
    }

    /// Of a token: the certificate; keys stay in there.
    ///
    /// @throws BadCredential if it is not there, or nothing of ours
    List<Credential> read(KeySource source, Secret passphrase) throws BadCredential {
        return switch (source) {
            case KeySource.File(String path, Origin _) ->
                    CredentialFile.read(file(path), passphrase);
            case KeySource.Inline(Octets data, Origin _) -> CredentialFile.read(data, passphrase);
            case KeySource.Token token ->
                    CredentialFile.read(tokens.certificate(token), Secret.EMPTY);
        };
    }

    private static Octets file(String name) throws BadCredential {
        try {
            Path path = Path.of(name);
            if (!Files.isRegularFile(path)) {
                throw new BadCredential(
                        Files.exists(path) ? "it is no file" : "there is no such file");
            }
            if (Files.size(path) > CredentialFile.MOST_OCTETS) {
                throw new BadCredential(
                        "it has more than " + CredentialFile.MOST_OCTETS + " octets");
            }
            return Octets.owned(Files.readAllBytes(path));
        } catch (NoSuchFileException _) {
            throw new BadCredential("there is no such file");
        } catch (AccessDeniedException _) {
            throw new BadCredential("we may not read it");
        } catch (InvalidPathException _) {
            throw new BadCredential("it is no file name");
        } catch (IOException e) {
            throw new BadCredential("it cannot be read: " + e.getMessage());
        }
    }
}
