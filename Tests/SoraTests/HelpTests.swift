import Foundation
import Testing

@Suite struct HelpTests {
    static let commands = [
        "demo", "probe", "frames", "prepare", "train", "pretrain", "crossvalidate", "evaluate", "compare", "calibrate",
        "runs", "tune", "fit", "embed", "classify", "quantize", "export", "info", "bench",
        "index", "search", "recommend", "duplicates", "cluster", "tag", "retrieval-eval", "serve",
    ]

    /// Commands that have commands of their own.
    static let parts = [
        "index": ["add", "sync", "info", "check", "rebuild", "reembed"],
        "tag": ["give", "take", "next", "spread", "list"],
    ]

    static var all: [[String]] {
        commands.flatMap { command in [[command]] + (parts[command] ?? []).map { [command, $0] } }
    }

    @Test(arguments: all) func everyCommandShowsAnExample(_ words: [String]) throws {
        let command = words.joined(separator: " ")
        let help = try sora(words + ["--help"])
        #expect(help.status == 0)
        #expect(help.output.contains("Example:"))
        #expect(help.output.contains("  sora \(command)"))
        #expect(help.output.contains("--json") || Self.parts[command] != nil)
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
            for match in text.matches(of: /(?m)(?:^ *(?:\$ )?|`)sora ([a-z][a-z-]*)([^`\n]*)/) {
                let (first, rest) = (String(match.1), String(match.2))
                if first == "help" || first == "command" { continue }
                #expect(Self.commands.contains(first), "\(page): sora \(first)")
                guard Self.commands.contains(first) else { continue }
                // Of a command that has parts, the next word is one of them.
                let next = rest.split(separator: " ").first.map(String.init) ?? ""
                let command = (Self.parts[first]?.contains(next) ?? false) ? [first, next] : [first]
                let name = command.joined(separator: " ")
                if help[name] == nil { help[name] = try sora(command + ["--help"]).output }
                for option in rest.prefix(while: { $0 != "#" }).matches(of: /--[a-z][a-z-]*/) {
                    seen += 1
                    let known = help[name]?.contains(option.0) == true
                    #expect(known, "\(page): sora \(name) \(option.0)")
                }
            }
        }
        #expect(seen > 10)
    }
}
