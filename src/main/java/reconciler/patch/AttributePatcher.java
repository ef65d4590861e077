package reconciler.patch;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;
import reconciler.change.Commitment;
import reconciler.change.Participant;
import reconciler.change.ParticipantChanges;
import reconciler.outcome.Attempt;
import reconciler.outcome.Evidence;
import reconciler.outcome.Pauses;
import reconciler.outcome.Turn;

/// Applies what participants are owed through the API. Called on many virtual threads at once, one
/// participant per call; the same participant never twice at once.
public final class AttributePatcher implements AutoCloseable {
    private final ApiSettings api;
    private final Standing standing;
    private final OkHttpClient apiClient;
    private final OkHttpClient loginClient;
    private final Requests requests;
    private final Tokens tokens;
    private final LooseAttempts tokenRequests = new LooseAttempts();
    private final Breaker breaker;
    private final Workbench bench;

    /// @param clock for expiry, token lives and the times of attempts
    /// @param random need not be thread-safe
    public AttributePatcher(
            ApiSettings api,
            PatchSettings settings,
            Pace pace,
            Clearance clearance,
            Pauses pauses,
            DeadlineClock clock,
            RandomGenerator random) {
        this.api = api;
        standing = new Standing(clearance);
        RandomGenerator shared = synchronizedOn(random);
        apiClient = HttpClients.of(settings.inFlight(), settings.timeout(), api.proxies());
        loginClient = HttpClients.of(1, settings.timeout(), api.proxies());
        requests = new Requests(api);
        tokens =
                switch (api.credentials()) {
                    case Credentials.AccessToken(String token) -> new FixedToken(token);
                    case Credentials.ClientCredentials client ->
                            new MintedTokens(
                                    new Login(
                                            new Wire(loginClient, api.proxies()),
                                            Login.request(
                                                    HttpUrl.get(api.loginUrl().toString()), client),
                                            settings.policies(),
                                            pauses,
                                            clock,
                                            shared,
                                            tokenRequests),
                                    clock);
                };
        var gate = new Gate(pace, clearance, pauses, clock, standing, settings.inFlight());
        breaker = new Breaker(settings.breaker(), pauses, standing);
        var line =
                new Line(
                        new Wire(apiClient, api.proxies()), tokens, gate, breaker, standing, clock);
        var verdicts = new Verdicts(api.contract(), standing::anySuccess);
        bench =
                new Workbench(
                        line,
                        new Patches(line, requests, verdicts, clock),
                        new Reads(line, requests, verdicts, clock),
                        new Parcels(requests),
                        api.contract(),
                        settings,
                        clock,
                        shared);
    }

    /// What the turns of one page share: one read per conversation, where their requests are
    /// written down before they are sent, and what was planned.
    ///
    /// @param foreseen by change id, what its plan saw; such a change is sent only where that is
    ///   still so
    public PageImages newPage(
            Collection<ParticipantChanges> page, Intents intents, Map<Long, Commitment> foreseen) {
        return new PageImages(page, intents, foreseen);
    }

    /// Sends what one participant is owed and says what came of it, one settlement per change.
    /// Nothing the API does makes this throw.
    public Turn patch(ParticipantChanges changes, PageImages page) {
        return new PatchTurn(bench, page, changes, Predecessors.NONE).take();
    }

    /// The same where older changes of the participant are in doubt: they are resolved, and
    /// settled, before anything is sent, and what is sent is read back.
    ///
    /// @param changes null: nothing is owed but those
    public Turn patch(@Nullable ParticipantChanges changes, Predecessors older, PageImages page) {
        if (changes != null) {
            return new PatchTurn(bench, page, changes, older).take();
        }
        var book = new TurnBook(List.of(), page.intents());
        var resolution = new Resolution(bench, book, bench.effort(), older);
        resolution.resolve();
        return book.close(resolution.settlements());
    }

    /// Looks at a participant's conversation, through the same pace and tokens as everything else.
    /// Nothing the API does makes this throw.
    ///
    /// @param purpose what for
    /// @param answered is told of each request that went on the wire
    public Sight look(
            Participant participant, Attempt.Purpose purpose, Consumer<Attempt> answered) {
        return switch (bench.reads()
                .look(purpose, participant, Notes.of(answered), bench.effort())) {
            case Reading.Found(Conversation conversation, _) ->
                    new Sight.Seen(persons(conversation), conversation.ended());
            case Reading.Unreachable(Evidence evidence) -> new Sight.Gone(evidence);
            case Reading.Failed(Evidence evidence) -> new Sight.Unreadable(evidence);
            case Reading.Postponed(_, Evidence evidence) -> new Sight.Unreadable(evidence);
            case Reading.Withheld _ -> new Sight.Withheld();
        };
    }

    private Map<UUID, Sight.Person> persons(Conversation conversation) {
        var persons = new HashMap<UUID, Sight.Person>();
        conversation
                .participants()
                .forEach((id, image) ->
                        persons.put(
                                id,
                                new Sight.Person(
                                        bench.contract().roleOf(image.purpose()),
                                        image.attributes())));
        return persons;
    }

    /// Why the run has to end; null while it need not. Once set, nothing more is sent and [#patch]
    /// releases what it is given.
    public @Nullable Halt halt() {
        return standing.halt();
    }

    /// Why nothing is sent for now; null while something is.
    public @Nullable String holdUp() {
        return breaker.holdUp();
    }

    public PatchStatistics statistics() {
        return standing.statistics();
    }

    /// Requests for tokens: each is on record once somebody enters it in a book.
    public LooseAttempts tokenRequests() {
        return tokenRequests;
    }

    /// The PATCH of these changes as it would be sent first.
    public PreparedRequest prepare(ParticipantChanges changes) {
        ApiRequest request = requests.patch(changes.role(), changes.changes());
        var headers = new LinkedHashMap<String, String>();
        headers.put("Content-Type", "application/json");
        headers.put("Accept", "application/json");
        byte[] content = request.content();
        String body = content == null ? "" : new String(content, StandardCharsets.UTF_8);
        return new PreparedRequest(request.method(), request.url().uri(), headers, body);
    }

    /// Looks whether the API can be worked with: gets a token, or connects to the host when the
    /// token is given. Sends no request to the API.
    public ApiHealth check() {
        return switch (api.credentials()) {
            case Credentials.ClientCredentials _ -> checkToken();
            case Credentials.AccessToken _ -> checkHost();
        };
    }

    private ApiHealth checkToken() {
        return switch (tokens.current()) {
            case Grant.Granted _ -> checkHost();
            case Grant.Refused(String why) -> new ApiHealth.Refused(why);
            case Grant.Unavailable(Evidence evidence) ->
                    new ApiHealth.Unreachable(api.loginUrl() + ": " + evidence.inWords());
            case Grant.GivenUp(String why) -> new ApiHealth.Unreachable(why);
            case Grant.WrongProxy(String why) -> new ApiHealth.WrongProxy(why);
            case Grant.Distrusted(Evidence evidence) ->
                    new ApiHealth.Distrusted(
                            Halt.LOGIN_HOST, evidence.message() + " (" + api.loginUrl() + ")");
        };
    }

    private ApiHealth checkHost() {
        return new HostCheck(apiClient, bench.settings().timeout(), api.proxies())
                .of(api.baseUrl());
    }

    @Override
    public void close() {
        for (OkHttpClient client : new OkHttpClient[] {apiClient, loginClient}) {
            client.connectionPool().evictAll();
            client.dispatcher().executorService().shutdown();
        }
    }

    private static RandomGenerator synchronizedOn(RandomGenerator random) {
        var lock = new Object();
        return () -> {
            synchronized (lock) {
                return random.nextLong();
            }
        };
    }
}
