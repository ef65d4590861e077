package reconciler.simulator;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/// Collects settings by name; what is not named keeps its default, shown beside each field.
public final class SettingsBuilder {

    private String address = "127.0.0.1";
    private int port = 0;
    private Duration latency = Duration.ZERO;
    private double tailShare = 0;
    private double tailFactor = 50;
    private RateLimit rateLimit = RateLimit.none();
    private String clientId = "demo";
    private String clientSecret = "demo-secret";
    private Duration tokenLifetime = Duration.ofHours(24);
    private int mintsPerMinute = 30;
    private Set<String> tokens = Set.of();
    private Set<String> readOnlyTokens = Set.of();
    private int participants = 0;
    private Population.Strangers strangers = Population.Strangers.REFUSED;
    private Behaviour.UnknownFields unknownFields = Behaviour.UnknownFields.REFUSED;
    private Behaviour.ErrorList errorList = Behaviour.ErrorList.FILLED;
    private Behaviour.RateHeaders rateHeaders = Behaviour.RateHeaders.SENT;
    private Behaviour.Ended ended = Behaviour.Ended.LOST;
    private Behaviour.Merge merge = Behaviour.Merge.BY_KEY;
    private Behaviour.Scalars scalars = Behaviour.Scalars.COERCED;
    private Duration visibility = Duration.ZERO;
    private Set<String> refusedNames = Set.of();
    private int valueLength = 32_000;
    private int bodyBytes = 512_000;
    private List<String> faults = List.of();
    private Ledger.Detail ledger = Ledger.Detail.EVERYTHING;
    private long seed = 1;

    SettingsBuilder() {}

    public SettingsBuilder address(String address) {
        this.address = address;
        return this;
    }

    public SettingsBuilder port(int port) {
        this.port = port;
        return this;
    }

    public SettingsBuilder latency(Duration latency) {
        this.latency = latency;
        return this;
    }

    public SettingsBuilder tailShare(double tailShare) {
        this.tailShare = tailShare;
        return this;
    }

    public SettingsBuilder tailFactor(double tailFactor) {
        this.tailFactor = tailFactor;
        return this;
    }

    public SettingsBuilder rateLimit(RateLimit rateLimit) {
        this.rateLimit = rateLimit;
        return this;
    }

    public SettingsBuilder clientId(String clientId) {
        this.clientId = clientId;
        return this;
    }

    public SettingsBuilder clientSecret(String clientSecret) {
        this.clientSecret = clientSecret;
        return this;
    }

    public SettingsBuilder tokenLifetime(Duration tokenLifetime) {
        this.tokenLifetime = tokenLifetime;
        return this;
    }

    public SettingsBuilder mintsPerMinute(int mintsPerMinute) {
        this.mintsPerMinute = mintsPerMinute;
        return this;
    }

    public SettingsBuilder tokens(Set<String> tokens) {
        this.tokens = tokens;
        return this;
    }

    public SettingsBuilder readOnlyTokens(Set<String> readOnlyTokens) {
        this.readOnlyTokens = readOnlyTokens;
        return this;
    }

    public SettingsBuilder participants(int participants) {
        this.participants = participants;
        return this;
    }

    public SettingsBuilder strangers(Population.Strangers strangers) {
        this.strangers = strangers;
        return this;
    }

    public SettingsBuilder unknownFields(Behaviour.UnknownFields unknownFields) {
        this.unknownFields = unknownFields;
        return this;
    }

    public SettingsBuilder errorList(Behaviour.ErrorList errorList) {
        this.errorList = errorList;
        return this;
    }

    public SettingsBuilder rateHeaders(Behaviour.RateHeaders rateHeaders) {
        this.rateHeaders = rateHeaders;
        return this;
    }

    public SettingsBuilder ended(Behaviour.Ended ended) {
        this.ended = ended;
        return this;
    }

    public SettingsBuilder merge(Behaviour.Merge merge) {
        this.merge = merge;
        return this;
    }

    public SettingsBuilder scalars(Behaviour.Scalars scalars) {
        this.scalars = scalars;
        return this;
    }

    public SettingsBuilder visibility(Duration visibility) {
        this.visibility = visibility;
        return this;
    }

    public SettingsBuilder refusedNames(Set<String> refusedNames) {
        this.refusedNames = refusedNames;
        return this;
    }

    public SettingsBuilder valueLength(int valueLength) {
        this.valueLength = valueLength;
        return this;
    }

    public SettingsBuilder bodyBytes(int bodyBytes) {
        this.bodyBytes = bodyBytes;
        return this;
    }

    public SettingsBuilder faults(List<String> faults) {
        this.faults = faults;
        return this;
    }

    public SettingsBuilder ledger(Ledger.Detail ledger) {
        this.ledger = ledger;
        return this;
    }

    public SettingsBuilder seed(long seed) {
        this.seed = seed;
        return this;
    }

    public SimulatorSettings build() {
        return new SimulatorSettings(
                address,
                port,
                new Pace(latency, tailShare, tailFactor),
                rateLimit,
                new Access(
                        clientId,
                        clientSecret,
                        tokenLifetime,
                        mintsPerMinute,
                        tokens,
                        readOnlyTokens),
                new Population(participants, strangers),
                new Behaviour(
                        unknownFields, errorList, rateHeaders, ended, merge, scalars, visibility),
                new Limits(refusedNames, valueLength, bodyBytes),
                faults,
                ledger,
                seed);
    }
}
