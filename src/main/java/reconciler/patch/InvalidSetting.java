package reconciler.patch;

/// A setting nobody can work with. The message names the variable, what is wrong and what to do.
public class InvalidSetting extends RuntimeException {
    private final String variable;

    InvalidSetting(String variable, String fault, String remedy) {
        super(variable + " " + fault + ": " + remedy);
        this.variable = variable;
    }

    /// The environment variable at fault; the first of them where it is a combination.
    public String variable() {
        return variable;
    }
}
