package reconciler.cli;

import picocli.CommandLine.Command;

/// `reconciler audit ...`
@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        header = "Verify, anchor, export, retain and erase the audit record.",
        description = "The record: verify it, anchor it, export it, erase personal values from it.",
        footer = {"", "Examples:", "  reconciler audit verify", "  reconciler audit export --help"},
        subcommands = {
            AuditVerifyCommand.class,
            AuditAnchorCommand.class,
            AuditExportCommand.class,
            AuditEraseCommand.class,
            AuditRetainCommand.class
        })
final class AuditCommand {}
