package reconciler.intake.workbook;

import com.fasterxml.aalto.stax.InputFactoryImpl;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.Set;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/// A part of a workbook, read event by event. Whatever is wrong with it is an [UnusableWorkbook],
/// and nothing in it makes memory grow.
final class XmlPart implements AutoCloseable {
    private static final XMLInputFactory FACTORY = factory();
    private static final int DEEPEST = 64;
    private static final int MOST_NAMES = 2_000;
    static final int LONGEST_TEXT = 1 << 20;

    private final String name;
    private final MeteredPart bytes;
    private final XMLStreamReader reader;
    private final Set<String> names = new HashSet<>();
    private int depth;
    private int event;

    private XmlPart(String name, MeteredPart bytes, XMLStreamReader reader) {
        this.name = name;
        this.bytes = bytes;
        this.reader = reader;
    }

    /// @param limit of its bytes, unpacked
    static XmlPart open(InputStream stream, String name, long limit) throws IOException {
        var bytes = new MeteredPart(stream, name, limit);
        try {
            return new XmlPart(name, bytes, FACTORY.createXMLStreamReader(bytes));
        } catch (XMLStreamException broken) {
            bytes.close();
            throw refusal(name, broken);
        }
    }

    /// To the next tag or text.
    ///
    /// @return false at the end of the document
    boolean next() throws IOException {
        bytes.event();
        try {
            while (reader.hasNext()) {
                event = reader.next();
                switch (event) {
                    case XMLStreamConstants.START_ELEMENT -> {
                        enter();
                        return true;
                    }
                    case XMLStreamConstants.END_ELEMENT -> {
                        depth--;
                        return true;
                    }
                    case XMLStreamConstants.CHARACTERS,
                            XMLStreamConstants.CDATA,
                            XMLStreamConstants.SPACE -> {
                        return true;
                    }
                    case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE ->
                            throw new UnusableWorkbook(
                                    "the part "
                                            + name
                                            + " of the workbook declares a document type, as no spreadsheet program does");
                    default -> pass();
                }
            }
            return false;
        } catch (XMLStreamException | RuntimeException broken) {
            throw refusal(name, broken);
        }
    }

    boolean isStart(String element) {
        return event == XMLStreamConstants.START_ELEMENT && reader.getLocalName().equals(element);
    }

    boolean isEnd(String element) {
        return event == XMLStreamConstants.END_ELEMENT && reader.getLocalName().equals(element);
    }

    boolean isStart() {
        return event == XMLStreamConstants.START_ELEMENT;
    }

    boolean isText() {
        return event == XMLStreamConstants.CHARACTERS
                || event == XMLStreamConstants.CDATA
                || event == XMLStreamConstants.SPACE;
    }

    String element() {
        return reader.getLocalName();
    }

    /// By its local name, whatever its namespace.
    @Nullable String attribute(String attribute) {
        for (int i = 0; i < reader.getAttributeCount(); i++) {
            if (reader.getAttributeLocalName(i).equals(attribute)) {
                return reader.getAttributeValue(i);
            }
        }
        return null;
    }

    /// The texts inside the present element, up to its end.
    String text() throws IOException {
        int outside = depth - 1;
        String only = "";
        StringBuilder several = null;
        while (next() && depth > outside) {
            if (isText()) {
                String text = piece();
                if (several == null && only.isEmpty()) {
                    only = text;
                } else {
                    several = several == null ? new StringBuilder(only) : several;
                    several.append(text);
                }
                if (several != null && several.length() > LONGEST_TEXT) {
                    throw new UnusableWorkbook(
                            "the part "
                                    + name
                                    + " of the workbook has a text of more than "
                                    + LONGEST_TEXT
                                    + " characters");
                }
            }
        }
        return several == null ? only : several.toString();
    }

    /// The parser may decode it only now.
    private String piece() throws IOException {
        try {
            return reader.getText();
        } catch (RuntimeException broken) {
            throw refusal(name, broken);
        }
    }

    /// Passes over the present element.
    void skip() throws IOException {
        int outside = depth - 1;
        while (depth > outside && next()) {
            // nothing of it is wanted
        }
    }

    UnusableWorkbook damaged() {
        return UnusableWorkbook.damaged(name, new IOException("unexpected content"));
    }

    @Override
    public void close() throws IOException {
        bytes.close();
    }

    private void enter() throws UnusableWorkbook {
        depth++;
        names.add(reader.getLocalName());
        for (int i = 0; i < reader.getAttributeCount(); i++) {
            names.add(reader.getAttributeLocalName(i));
        }
        for (int i = 0; i < reader.getNamespaceCount(); i++) {
            names.add(reader.getNamespacePrefix(i) + "=" + reader.getNamespaceURI(i));
        }
        limit();
    }

    /// A comment or an instruction.
    private void pass() throws UnusableWorkbook {
        bytes.event();
        if (event == XMLStreamConstants.PROCESSING_INSTRUCTION) {
            names.add(reader.getPITarget());
            limit();
        }
    }

    /// The parser keeps every name that it has seen.
    private void limit() throws UnusableWorkbook {
        if (depth > DEEPEST || names.size() > MOST_NAMES) {
            throw new UnusableWorkbook(
                    "the part "
                            + name
                            + " of the workbook has more than "
                            + DEEPEST
                            + " levels or "
                            + MOST_NAMES
                            + " names, as no spreadsheet program writes");
        }
    }

    private static IOException refusal(String name, Exception broken) {
        for (Throwable cause = broken; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnusableWorkbook unusable) {
                return unusable;
            }
            if (cause instanceof XMLStreamException xml
                    && xml.getNestedException() instanceof UnusableWorkbook unusable) {
                return unusable;
            }
        }
        return UnusableWorkbook.damaged(name, broken);
    }

    private static XMLInputFactory factory() {
        XMLInputFactory factory = new InputFactoryImpl();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, false);
        return factory;
    }
}
