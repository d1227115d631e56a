import ArgumentParser
import Foundation
import Logging
import Server
import SoraModel

/// What `sora serve` runs: a program of its own, so that the others start, and are built, without a server.
@main struct SoraServe: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sora serve",
        abstract: "Serve an index: a page to search, label and look for copies with, and a JSON API.",
        discussion: """
            Listens on this machine alone, unless --host says otherwise, which takes a token. Videos are indexed from, and given \
            out of, the library folder only. The API is described at /api/openapi.json, and counted at /metrics. Ctrl-C ends it \
            when what is being answered is done.

            Example:
              sora index add films videos/
              sora serve films videos/
              SORA_TOKEN=$(openssl rand -hex 16) sora serve films videos/ --host 0.0.0.0 --port 80
            """)

    @Argument(help: "The index: a folder that 'sora index add' made.", completion: .directory)
    var index: String

    @Argument(help: "The folder of videos.", completion: .directory)
    var library: String

    @Option(help: "The address to listen on.")
    var host = "127.0.0.1"

    @Option(help: "The port; 0 for any that is free.")
    var port = 8080

    @Option(help: "What requests have to show, from 16 characters on; else the environment's SORA_TOKEN.")
    var token: String?

    @Option(help: "Most MiB of an upload.")
    var uploadMib = 512

    @Option(help: "Most seconds that a video to search by may last.")
    var querySeconds = 600.0

    @Option(help: "Most seconds from a request to its answer.")
    var patience = 30.0

    @Option(help: "Requests of a kind that may wait; more are told to come again (503).")
    var waiting = 16

    @Flag(help: "Say where it listens as JSON.")
    var json = false

    func validate() throws {
        func check(_ name: String, _ value: Double, _ range: ClosedRange<Double>) throws {
            guard range.contains(value) else {
                throw ValidationError("\(name) lies from \(range.lowerBound) to \(range.upperBound)")
            }
        }
        try check("--port", Double(port), 0...65535)
        try check("--upload-mib", Double(uploadMib), 1...1_048_576)
        try check("--query-seconds", querySeconds, 1...86_400)
        try check("--patience", patience, 1...3600)
        try check("--waiting", Double(waiting), 1...4096)
    }

    func run() async throws {
        var options = ServerOptions(index: index, library: library)
        (options.host, options.port, options.uploadLimit) = (host, port, uploadMib << 20)
        options.token = token ?? ProcessInfo.processInfo.environment["SORA_TOKEN"]
        (options.queryLength, options.patience, options.waiting) = (querySeconds, patience, waiting)
        var logger = Logger(label: "sora")
        logger.logLevel = .warning
        let server = try SoraServer(options, version: Release.version, logger: logger)
        try await server.run { [json, host] port in
            let shown = host.contains(":") ? "[\(host)]" : host
            let line =
                json ? "{\"url\":\"http://\(shown):\(port)/\"}" : "serving at http://\(shown):\(port)/ (Ctrl-C ends it)"
            try? FileHandle.standardOutput.write(contentsOf: Data((line + "\n").utf8))
        }
    }
}
