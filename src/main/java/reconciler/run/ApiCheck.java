package reconciler.run;

import java.util.Random;
import javax.sql.DataSource;
import reconciler.audit.RunStart;
import reconciler.patch.ApiHealth;
import reconciler.patch.ApiSettings;
import reconciler.patch.AttributePatcher;
import reconciler.patch.DeadlineClock;
import reconciler.patch.LocalPace;
import reconciler.patch.Rate;

/// Whether the API can be worked with; sends no request to it, and at most one for a token.
public final class ApiCheck {
    private static final JobFile DEFAULTS =
            JobFile.parse(
                    "doctor.yml",
                    "job: doctor\nunavailable: {attempts: 1}\nthrottled: {max-wait: 1ms}\n");

    private ApiCheck() {}

    /// Leaves the request on record.
    ///
    /// @param dataSource with the schema in it, and the right to write the record
    /// @throws ApiUnusable saying why not
    public static void demandReady(ApiSettings api, DataSource dataSource, Looker looker) {
        var stop = new StopSignal();
        try (var lookout =
                new Lookout(dataSource, api, DEFAULTS, looker, RunStart.Trigger.CHECK, stop)) {
            lookout.demandReady();
        }
    }

    /// Where there is no database to put the request on record in.
    ///
    /// @param clock for the life of a token
    /// @throws ApiUnusable saying why not
    public static void demandReady(ApiSettings api, DeadlineClock clock) {
        var stop = new StopSignal();
        try (var patcher =
                new AttributePatcher(
                        api,
                        Patchers.settings(DEFAULTS),
                        new LocalPace(new Rate(null, false), System::nanoTime, stop),
                        () -> false,
                        stop,
                        clock,
                        new Random())) {
            demandReady(patcher.check());
        }
    }

    static void demandReady(ApiHealth health) {
        switch (health) {
            case ApiHealth.Ready _ -> {}
            case ApiHealth.Unreachable(String why) ->
                    throw new ApiUnusable(
                            ExitCode.UNAVAILABLE,
                            "the API does not answer: "
                                    + why
                                    + "; check RECONCILER_API_BASE_URL or RECONCILER_API_REGION and the network");
            case ApiHealth.WrongProxy(String why) ->
                    throw new ApiUnusable(ExitCode.CONFIGURATION, why);
            case ApiHealth.Distrusted(String host, String why) ->
                    throw new ApiUnusable(
                            ExitCode.UNAVAILABLE,
                            host + " is not trusted, so nothing is sent: " + why);
            case ApiHealth.Refused(String why) ->
                    throw new ApiUnusable(
                            ExitCode.PERMISSION,
                            "the API refuses the credentials: "
                                    + why
                                    + "; check RECONCILER_API_CLIENT_ID and RECONCILER_API_CLIENT_SECRET");
        }
    }
}
