package io.sallyport.control.vici;

import io.sallyport.base.Octets;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/// A tree of named values, lists and sections in the order of the sender, which is part of the
/// contract. A name may come twice; who asks for it gets the first.
public record ViciMessage(List<Element> elements) {
    public static final ViciMessage EMPTY = new ViciMessage(List.of());

    /// The length of a name is one octet.
    static final int NAME_LIMIT = 255;

    /// The length of a value is two octets.
    static final int VALUE_LIMIT = 65_535;

    public ViciMessage {
        elements = List.copyOf(elements);
    }

    /// One part of a message.
    public sealed interface Element {
        String name();

        /// Prints no data: it may be a key.
        record Value(String name, Octets data) implements Element {
            @Override
            public String toString() {
                return name + " (" + data.length() + " octets)";
            }
        }

        /// A list of values.
        record Items(String name, List<Octets> items) implements Element {
            public Items {
                items = List.copyOf(items);
            }

            @Override
            public String toString() {
                return name + " (" + items.size() + " items)";
            }
        }

        /// A named message within the message.
        record Section(String name, ViciMessage content) implements Element {}
    }

    public Optional<Octets> octets(String name) {
        return elements.stream()
                .filter(e -> e.name().equals(name))
                .findFirst()
                .flatMap(e ->
                        e instanceof Element.Value value
                                ? Optional.of(value.data())
                                : Optional.empty());
    }

    public Optional<String> text(String name) {
        return octets(name).map(Octets::text);
    }

    /// What `name` says, or `otherwise` where it is missing or no number.
    public long number(String name, long otherwise) {
        Optional<String> text = text(name);
        if (text.isEmpty()) {
            return otherwise;
        }
        try {
            return Long.parseLong(text.get().strip());
        } catch (NumberFormatException _) {
            return otherwise;
        }
    }

    /// As [#number], empty for zero too: unique ids begin with one.
    public OptionalLong id(String name) {
        long number = number(name, 0);
        return number == 0 ? OptionalLong.empty() : OptionalLong.of(number);
    }

    /// charon's words for true: `yes`, `true`, `enabled`, `1`.
    public boolean flag(String name) {
        return text(name)
                .map(t ->
                        switch (t.toLowerCase(Locale.ROOT)) {
                            case "yes", "true", "enabled", "1" -> true;
                            default -> false;
                        })
                .orElse(false);
    }

    /// Empty where there is no such list.
    public List<Octets> items(String name) {
        for (Element element : elements) {
            if (element instanceof Element.Items(String n, List<Octets> items) && n.equals(name)) {
                return items;
            }
        }
        return List.of();
    }

    /// Every section of the topmost level.
    public List<Element.Section> sections() {
        List<Element.Section> found = new ArrayList<>();
        for (Element element : elements) {
            if (element instanceof Element.Section section) {
                found.add(section);
            }
        }
        return found;
    }

    public static Builder with() {
        return new Builder();
    }

    /// Puts a message together in order.
    public static final class Builder {
        private final List<Element> elements = new ArrayList<>();

        private Builder() {}

        public Builder put(String name, String value) {
            return put(name, Octets.utf8(value));
        }

        public Builder put(String name, long value) {
            return put(name, Long.toString(value));
        }

        public Builder put(String name, Octets value) {
            elements.add(new Element.Value(clip(name), clip(value)));
            return this;
        }

        /// `name = yes`, or nothing: charon leaves out what is false.
        public Builder flag(String name, boolean set) {
            return set ? put(name, "yes") : this;
        }

        public Builder list(String name, List<String> items) {
            elements.add(
                    new Element.Items(
                            clip(name), items.stream().map(i -> clip(Octets.utf8(i))).toList()));
            return this;
        }

        /// As [#list], or nothing where there are none.
        public Builder listUnlessEmpty(String name, List<String> items) {
            return items.isEmpty() ? this : list(name, items);
        }

        public Builder section(String name, ViciMessage content) {
            elements.add(new Element.Section(clip(name), content));
            return this;
        }

        public ViciMessage done() {
            return new ViciMessage(elements);
        }

        /// What the format cannot hold is cut: a log line, the name of a connection in a file.
        private static String clip(String name) {
            byte[] octets = name.getBytes(StandardCharsets.UTF_8);
            return octets.length <= NAME_LIMIT
                    ? name
                    : new String(Arrays.copyOf(octets, NAME_LIMIT - 3), StandardCharsets.UTF_8);
        }

        private static Octets clip(Octets value) {
            return value.length() <= VALUE_LIMIT ? value : value.slice(0, VALUE_LIMIT);
        }
    }
}
