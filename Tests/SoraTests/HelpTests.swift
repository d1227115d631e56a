import Foundation
import Testing

@Suite struct HelpTests {
    static let commands = [
        "demo", "probe", "frames", "prepare", "train", "pretrain", "crossvalidate", "evaluate", "compare", "calibrate",
        "runs", "tune", "fit", "embed", "classify", "quantize", "export", "info", "bench",
        "index", "search", "recommend", "duplicates", "cluster", "tag", "retrieval-eval", "serve",
    ]

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

    /// Every command line that the README and docs/ show names a command and options that there are.
    @Test func documentedCommandsAreReal() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let pages = try FileManager.default.contentsOfDirectory(atPath: root.appending(path: "docs").path)
            .filter { $0.hasSuffix(".md") }.map { "docs/\($0)" }
        var help: [String: String] = [:]
        var seen = 0
        for page in ["README.md"] + pages {
            let text = try String(contentsOf: root.appending(path: page), encoding: .utf8)
            // In blocks a line begins with the command, perhaps after a prompt; in running text it stands in backticks.
            for match in text.matches(of: /(?m)(?:^ *(?:\$ )?|`)sora ([a-z]+)([^`\n]*)/) {
                let (command, rest) = (String(match.1), String(match.2))
                if command == "help" || command == "command" { continue }
                #expect(Self.commands.contains(command), "\(page): sora \(command)")
                guard Self.commands.contains(command) else { continue }
                if help[command] == nil { help[command] = try sora(command, "--help").output }
                for option in rest.prefix(while: { $0 != "#" }).matches(of: /--[a-z][a-z-]*/) {
                    seen += 1
                    let known = help[command]?.contains(option.0) == true
                    #expect(known, "\(page): sora \(command) \(option.0)")
                }
            }
        }
        #expect(seen > 10)
    }
}
