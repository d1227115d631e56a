import ArgumentParser
import Foundation

struct Serve: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve an index: a page to search, label and look for copies with, and a JSON API.",
        discussion: """
            Example:
              sora serve films videos/
            """)

    @Argument(parsing: .captureForPassthrough, help: "See 'sora serve --help'.")
    var arguments: [String] = []

    /// Becomes the server, a program beside this one.
    func run() throws {
        let own =
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
        let server = URL(fileURLWithPath: own).deletingLastPathComponent().appending(path: "sora-server").path
        guard FileManager.default.isExecutableFile(atPath: server) else {
            throw ServerMissing(path: server)
        }
        var words = unsafe ([server] + arguments).map { unsafe strdup($0) } + [nil]
        _ = unsafe execv(server, &words)
        throw ServerMissing(path: server)
    }
}

/// The server was not built.
private struct ServerMissing: Error, CustomStringConvertible {
    let path: String

    var description: String { "\(path): the server is not there, or cannot be run; 'make server' builds it" }
}
