package io.sallyport.config.aws;

import io.sallyport.config.syntax.Findings;
import io.sallyport.config.syntax.Position;
import io.sallyport.config.syntax.SourceText;
import io.sallyport.config.syntax.Values;
import java.io.StringReader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import javax.xml.stream.Location;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/// An XML element with its place: name, text directly in it, `id` attribute, elements in it.
record XmlElement(String name, Position at, String id, String text, List<XmlElement> children) {
    private static final int DEEPEST = 64;

    /// The root of `source`; a finding where it is not well-formed. Document types and external
    /// entities are not read: a configuration has none, an attack does.
    static Optional<XmlElement> parse(SourceText source, Findings findings) {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setXMLResolver((_, _, _, _) -> new java.io.ByteArrayInputStream(new byte[0]));
        try {
            XMLStreamReader in =
                    factory.createXMLStreamReader(new StringReader(source.text().strip()));
            try {
                return Optional.of(tree(in, source));
            } finally {
                in.close();
            }
        } catch (XMLStreamException e) {
            // the parser's own message may quote the text, which may be a key
            Location location = e.getLocation();
            int line = location == null ? 1 : Math.max(1, location.getLineNumber());
            int column = location == null ? 1 : Math.max(1, location.getColumnNumber());
            findings.error(
                    source.at(line + leadingLines(source), column),
                    "the XML is not well-formed, or has a document type, which is not read");
        } catch (RuntimeException _) {
            findings.error(Position.whole(source.name()), "the XML cannot be parsed");
        }
        return Optional.empty();
    }

    private static int leadingLines(SourceText source) {
        int lines = 0;
        while (lines < source.lines().size() && source.lines().get(lines).isBlank()) {
            lines++;
        }
        return lines == source.lines().size() ? 0 : lines;
    }

    /// An element not yet closed.
    private record Open(
            String name, Position at, String id, StringBuilder text, List<XmlElement> children) {}

    private static XmlElement tree(XMLStreamReader in, SourceText source)
            throws XMLStreamException {
        Deque<Open> open = new ArrayDeque<>();
        while (in.hasNext()) {
            switch (in.next()) {
                case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE ->
                        throw new XMLStreamException("document type", in.getLocation());
                case XMLStreamConstants.START_ELEMENT -> {
                    if (open.size() >= DEEPEST) {
                        throw new XMLStreamException("too deep", in.getLocation());
                    }
                    String id = in.getAttributeValue(null, "id");
                    open.push(
                            new Open(
                                    in.getLocalName(),
                                    at(in, source),
                                    id == null ? "" : id,
                                    new StringBuilder(),
                                    new ArrayList<>()));
                }
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA ->
                        Optional.ofNullable(open.peek())
                                .ifPresent(o -> o.text.append(in.getText()));
                case XMLStreamConstants.END_ELEMENT -> {
                    Open o = open.pop();
                    XmlElement done =
                            new XmlElement(
                                    o.name,
                                    o.at,
                                    o.id,
                                    o.text.toString().strip(),
                                    List.copyOf(o.children));
                    if (open.isEmpty()) {
                        while (in.hasNext()) {
                            in.next(); // what is behind the root must be well-formed, too
                        }
                        return done;
                    }
                    open.peek().children.add(done);
                }
                default -> {}
            }
        }
        throw new XMLStreamException("no root", in.getLocation());
    }

    /// Where the start tag that was just read begins: the reader only knows where it ends.
    private static Position at(XMLStreamReader in, SourceText source) {
        int skipped = leadingLines(source);
        int line = Math.max(1, in.getLocation().getLineNumber()) + skipped;
        String tag = "<" + (in.getPrefix().isEmpty() ? "" : in.getPrefix() + ":");
        for (int n = Math.min(line, source.lines().size()); n >= 1; n--) {
            String text = source.line(n);
            int to =
                    n == line ? Math.max(0, in.getLocation().getColumnNumber() - 1) : text.length();
            int found = text.lastIndexOf(tag + in.getLocalName(), to);
            if (found >= 0) {
                return source.at(n, found + 1);
            }
        }
        return source.at(line, 1);
    }

    /// The only child of this name, or none.
    Optional<XmlElement> child(String child) {
        return children.stream().filter(c -> c.name.equals(child)).findFirst();
    }

    List<XmlElement> all(String child) {
        return children.stream().filter(c -> c.name.equals(child)).toList();
    }

    /// Text fit for a message; the text of a key never is.
    String shown() {
        return name.equals("pre_shared_key") ? "***" : Values.shown(text);
    }

    /// Name and place; never the text.
    @Override
    public String toString() {
        return "<" + name + "> at " + at;
    }
}
