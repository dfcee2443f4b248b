package io.sallyport.control.protocol;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.IpPrefix;
import io.sallyport.control.local.CaptureRequest;
import io.sallyport.control.local.LoadRequest;
import io.sallyport.control.local.Site;
import io.sallyport.control.local.TraceRequest;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The arguments of a request, each with the type its verb wants.
public final class Arguments {
    private final JsonObject json;

    Arguments(JsonObject json) {
        this.json = json;
    }

    public static Arguments none() {
        return new Arguments(new JsonObject());
    }

    public Arguments with(String name, String text) {
        JsonObject more = json.deepCopy();
        more.addProperty(name, text);
        return new Arguments(more);
    }

    public Arguments with(String name, int number) {
        JsonObject more = json.deepCopy();
        more.addProperty(name, number);
        return new Arguments(more);
    }

    public Arguments with(String name, List<String> texts) {
        JsonObject more = json.deepCopy();
        JsonArray array = new JsonArray();
        texts.forEach(array::add);
        more.add(name, array);
        return new Arguments(more);
    }

    public static Arguments of(LoadRequest request) {
        Site site = request.site();
        Arguments all =
                none().with("files", request.files().stream().map(Path::toString).toList())
                        .with("vpcs", site.vpcs().stream().map(IpPrefix::toString).toList())
                        .with("local", site.local() == null ? "" : site.local().toString());
        all.json.addProperty("behindNat", site.behindNat());
        return all;
    }

    public static Arguments of(TraceRequest request) {
        Arguments all =
                none().with("link", request.link())
                        .with("from", request.from())
                        .with("to", request.to())
                        .with("protocol", request.protocol())
                        .with("fromPort", request.fromPort())
                        .with("toPort", request.toPort())
                        .with("length", request.length());
        all.json.addProperty("dontFragment", request.dontFragment());
        return all;
    }

    public static Arguments of(CaptureRequest request) {
        Arguments all = none().with("count", request.count()).with("seconds", request.seconds());
        all.json.addProperty("inner", request.inner());
        all.json.addProperty("outer", request.outer());
        all.json.addProperty("keys", request.keys());
        return all;
    }

    /// The text `name`; empty if it is not there.
    public String text(String name) throws BadMessageException {
        JsonElement element = json.get(name);
        if (element == null) {
            return "";
        }
        if (!element.isJsonPrimitive() || !element.getAsJsonPrimitive().isString()) {
            throw new BadMessageException("'" + name + "' is no text");
        }
        return element.getAsString();
    }

    /// The number `name`, or `unsaid` if it is not there.
    public int number(String name, int unsaid, int most) throws BadMessageException {
        JsonElement element = json.get(name);
        if (element == null) {
            return unsaid;
        }
        if (element.isJsonPrimitive() && element.getAsJsonPrimitive().isNumber()) {
            double value = element.getAsDouble();
            if (value >= 0 && value <= most && value == Math.rint(value)) {
                return (int) value;
            }
        }
        throw new BadMessageException("'" + name + "' is no number from 0 to " + most);
    }

    /// The list of texts `name`; empty if it is not there.
    public List<String> texts(String name) throws BadMessageException {
        JsonElement element = json.get(name);
        if (element == null) {
            return List.of();
        }
        List<String> texts = new ArrayList<>();
        if (element.isJsonArray()) {
            for (JsonElement item : element.getAsJsonArray()) {
                if (!item.isJsonPrimitive() || !item.getAsJsonPrimitive().isString()) {
                    throw new BadMessageException("'" + name + "' holds something that is no text");
                }
                texts.add(item.getAsString());
            }
            return List.copyOf(texts);
        }
        throw new BadMessageException("'" + name + "' is no list");
    }

    private boolean flag(String name) throws BadMessageException {
        JsonElement element = json.get(name);
        if (element == null) {
            return false;
        }
        if (!element.isJsonPrimitive() || !element.getAsJsonPrimitive().isBoolean()) {
            throw new BadMessageException("'" + name + "' is neither true nor false");
        }
        return element.getAsBoolean();
    }

    /// The arguments of [Verb#LOAD].
    public LoadRequest load() throws BadMessageException {
        List<Path> files = new ArrayList<>();
        for (String file : texts("files")) {
            files.add(absolute(file));
        }
        List<IpPrefix> vpcs = new ArrayList<>();
        for (String vpc : texts("vpcs")) {
            vpcs.add(
                    IpPrefix.parse(vpc)
                            .orElseThrow(() ->
                                    new BadMessageException("'vpcs' holds no prefix: " + vpc)));
        }
        String local = text("local");
        if (local.isEmpty()) {
            return new LoadRequest(files, new Site(vpcs, null, flag("behindNat")));
        }
        IpAddress address =
                IpAddress.parse(local)
                        .orElseThrow(() -> new BadMessageException("'local' is no address"));
        return new LoadRequest(files, new Site(vpcs, address, flag("behindNat")));
    }

    /// The arguments of [Verb#TRACE].
    public TraceRequest trace() throws BadMessageException {
        return new TraceRequest(
                text("link"),
                text("from"),
                text("to"),
                number("protocol", 0, 255),
                number("fromPort", 0, 0xffff),
                number("toPort", 0, 0xffff),
                number("length", 100, 0xffff),
                flag("dontFragment"));
    }

    /// The arguments of [Verb#CAPTURE].
    public CaptureRequest capture() throws BadMessageException {
        boolean inner = flag("inner");
        boolean outer = flag("outer");
        if (!inner && !outer) {
            throw new BadMessageException("neither 'inner' nor 'outer' is to be captured");
        }
        return new CaptureRequest(
                inner,
                outer,
                number("count", 0, Integer.MAX_VALUE),
                number("seconds", 0, Integer.MAX_VALUE),
                flag("keys"));
    }

    private static Path absolute(String file) throws BadMessageException {
        try {
            Path path = Path.of(file);
            if (path.isAbsolute()) {
                return path;
            }
        } catch (InvalidPathException _) {
            // told below
        }
        throw new BadMessageException("'files' holds something that is no absolute path");
    }

    JsonObject json() {
        return json;
    }

    @Override
    public String toString() {
        return json.toString();
    }
}
