import Testing

@Suite struct HelpTests {
    static let commands = ["demo", "probe", "frames", "train", "evaluate", "embed", "classify", "info", "bench"]

    @Test(arguments: commands) func everyCommandShowsAnExample(_ command: String) throws {
        let help = try sora(command, "--help")
        #expect(help.status == 0)
        #expect(help.output.contains("Example:"))
        #expect(help.output.contains("  sora \(command)"))
        #expect(help.output.contains("--json"))
        #expect(help.errors.isEmpty)
    }

    @Test func theCommandListsItsParts() throws {
        let help = try sora("--help")
        #expect(help.status == 0)
        for command in Self.commands { #expect(help.output.contains("  \(command) ")) }
    }

    @Test func anUnknownCommandIsRefused() throws {
        let outcome = try sora("encode")
        #expect(outcome.status == 64)
        #expect(outcome.errors.contains("encode"))
        #expect(outcome.output.isEmpty)
    }
}
