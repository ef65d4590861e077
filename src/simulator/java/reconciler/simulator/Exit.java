package reconciler.simulator;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.zip.GZIPOutputStream;

/// Sends an answer in the way it wants to be sent.
record Exit(ServerResponse response, Pause pause) {

    private static final int PIECES = 10;
    private static final int PIECE = 65_536;
    private static final HeaderName CORRELATION = HeaderNames.create("ININ-Correlation-Id");

    void send(Visit visit, Answer answer) throws IOException, InterruptedException {
        switch (answer.delivery()) {
            case Delivery.Whole _ -> whole(visit, answer);
            case Delivery.Inflated(int blanks) -> packed(visit, answer, blanks);
            case Delivery.Slowly(Duration length) -> slowly(visit, answer, length);
            case Delivery.ThenClosed _ -> {
                whole(visit, answer);
                throw new CloseConnectionException("closed after the answer, on purpose");
            }
            case Delivery.Dropped _ ->
                    throw new CloseConnectionException("closed without an answer, on purpose");
            case Delivery.Held(Duration length) -> {
                pause.of(length);
                throw new CloseConnectionException("held for long enough");
            }
        }
    }

    private void whole(Visit visit, Answer answer) {
        head(visit, answer);
        if (answer.body().isEmpty()) {
            response.send();
        } else {
            response.send(answer.body().getBytes(StandardCharsets.UTF_8));
        }
    }

    private void packed(Visit visit, Answer answer, int blanks) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(bytes)) {
            gzip.write(answer.body().getBytes(StandardCharsets.UTF_8));
            byte[] piece = " ".repeat(PIECE).getBytes(StandardCharsets.UTF_8);
            for (int left = blanks; left > 0; left -= PIECE) {
                gzip.write(piece, 0, Math.min(left, PIECE));
            }
        }
        head(visit, answer);
        response.header(HeaderNames.CONTENT_ENCODING, "gzip");
        response.send(bytes.toByteArray());
    }

    /// An answer without a body gets one of blanks, since there is nothing else to be slow with.
    private void slowly(Visit visit, Answer answer, Duration length)
            throws IOException, InterruptedException {
        String text = answer.body().isEmpty() ? " ".repeat(PIECES) : answer.body();
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        int size = Math.ceilDiv(body.length, PIECES);
        head(visit, answer);
        try (OutputStream out = response.outputStream()) {
            for (int from = 0; from < body.length; from += size) {
                out.write(body, from, Math.min(size, body.length - from));
                out.flush();
                pause.of(length.dividedBy(PIECES));
            }
        }
    }

    private void head(Visit visit, Answer answer) {
        response.status(answer.status());
        switch (answer.sender()) {
            case API -> response.header(CORRELATION, visit.correlationId().toString());
            case IN_BETWEEN -> response.header(HeaderNames.SERVER, "gateway/1.0");
        }
        answer.headers().forEach(response::header);
        if (!answer.contentType().isEmpty()) {
            response.header(HeaderNames.CONTENT_TYPE, answer.contentType());
        }
    }
}
