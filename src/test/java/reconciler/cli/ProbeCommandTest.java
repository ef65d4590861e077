package reconciler.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reconciler.cli.Desk.Said;

/// By hand nothing goes that a run of the job would leave alone (promises 3 and 6).
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ProbeCommandTest {
    @TempDir private Path folder;

    private Desk desk;

    @BeforeEach
    void open() {
        desk = new Desk(folder);
    }

    @AfterEach
    void close() {
        desk.close();
    }

    @Test
    void what_nobody_approved_is_not_sent_when_the_job_asks_for_approval() {
        desk.write("strict.yml", "job: strict\nselect: {approval: required}\n");
        long set = desk.orders.set();
        long waiting = desk.order().inSet(set).queue();
        long loose = desk.order().queue();

        assertRefused(
                waiting,
                "strict",
                "change " + waiting + " waits for an approval that job strict asks for",
                "`reconciler approve " + set + "`");
        assertRefused(loose, "strict", "a change of no set cannot get one");

        desk.orders.approve(set, "ann");
        Said said = send(waiting, "strict");
        assertThat(said.exit()).as(said.err()).isZero();
        assertThat(said.out()).contains("APPLIED");
    }

    @Test
    void what_is_paused_or_not_due_is_not_sent() {
        long set = desk.orders.set();
        long paused = desk.order().inSet(set).queue();
        long later = desk.order().notBefore(Duration.ofHours(1)).queue();
        assertThat(desk.says("pause", "" + set, "--reason", "checked").exit()).isZero();

        assertRefused(
                paused,
                "quick",
                "is paused by " + System.getProperty("user.name"),
                "`reconciler unpause " + set + "` resumes it");
        assertRefused(later, "quick", "is not due before 20");
    }

    @Test
    void an_older_change_to_the_same_attribute_does_not_come_after_it() {
        var order = desk.order();
        long older = order.setting("tier", "silver").queue();
        long newer = order.setting("tier", "gold").queue();
        assertRefused(older, "quick", "is older than change " + newer);

        Said said = send(newer, "quick");
        assertThat(said.exit()).as(said.err()).isZero();
        assertThat(said.out())
                .contains("change " + older + ": SUPERSEDED", "change " + newer + ": APPLIED");
        assertThat(desk.says("explain", "" + older).out())
                .contains("change " + newer + " is newer; this one was not applied");
        assertThat(desk.says("run", "quick").err()).contains("nothing was due");
        assertThat(desk.says("audit", "verify").exit()).isZero();
    }

    @Test
    void a_change_that_is_over_says_so_and_how() {
        long change = desk.order().queue();
        assertThat(desk.says("run", "quick").exit()).isZero();

        Said said = desk.says("probe", "" + change, "--job", "quick");

        assertThat(said.exit()).isZero();
        assertThat(said.out()).isEmpty();
        assertThat(said.err())
                .startsWith("Change " + change + " is over: APPLIED in run 1: ")
                .contains("Nothing was sent; `reconciler explain " + change + "`")
                .hasLineCount(1);
    }

    @Test
    void why_it_could_not_be_sent_is_told_and_is_the_exit_code() {
        desk.with("RECONCILER_API_CLIENT_SECRET", "wrong");
        long change = desk.order().queue();

        Said said = send(change, "quick");

        assertThat(said.exit()).as(said.err()).isEqualTo(77);
        assertThat(said.err()).contains("RECONCILER_API_CLIENT_SECRET");
        assertThat(said.out()).contains("still pending");
        assertThat(desk.orders.state(change)).isEqualTo("PENDING");
        assertThat(desk.says("status").out()).contains("77");
    }

    private Said send(long change, String job) {
        return desk.says("probe", "" + change, "--job", job, "--send");
    }

    private void assertRefused(long change, String job, String... words) {
        Said said = send(change, job);
        assertThat(said.exit()).as(said.err()).isEqualTo(65);
        assertThat(said.err()).contains(words);
        assertThat(desk.orders.state(change)).isEqualTo("PENDING");
        assertThat(desk.simulator.ledger().totals().requests()).isZero();
    }
}
