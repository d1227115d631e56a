import Foundation

/// One run of the built `sora`, as a person starts it from a shell.
final class Invocation {
    /// What came of it.
    struct Outcome {
        /// The exit status; nil if a signal ended it.
        var status: Int32?
        var output: String
        var errors: String

        /// Lines of standard output.
        var lines: [String] { output.split(separator: "\n").map(String.init) }

        /// Each line of standard output as a JSON object.
        func objects() throws -> [[String: Any]] {
            try lines.map { line in
                let value = try JSONSerialization.jsonObject(with: Data(line.utf8))
                guard let object = value as? [String: Any] else { throw Failure("no JSON object: \(line)") }
                return object
            }
        }
    }

    struct Failure: Error, CustomStringConvertible {
        var description: String
        init(_ description: String) { self.description = description }
    }

    private static let cache = NSTemporaryDirectory() + "sora-cache-\(getpid())"
    private let process = Process()
    private let outputPath: String
    private let errorPath: String

    init(_ arguments: [String], in folder: String? = nil) throws {
        let place = NSTemporaryDirectory() + "sora-run-" + UUID().uuidString
        outputPath = place + ".out"
        errorPath = place + ".err"
        for path in [outputPath, errorPath] { _ = FileManager.default.createFile(atPath: path, contents: nil) }
        process.executableURL = URL(fileURLWithPath: try Self.binary.get())
        process.arguments = arguments
        // What kernels take is kept by the tests, not in the home of who runs them.
        process.environment = ProcessInfo.processInfo.environment.merging(["XDG_CACHE_HOME": Self.cache]) { $1 }
        if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle(forWritingAtPath: outputPath)
        process.standardError = FileHandle(forWritingAtPath: errorPath)
        try process.run()
    }

    deinit {
        if process.isRunning { send(SIGKILL) }
        for path in [outputPath, errorPath] { try? FileManager.default.removeItem(atPath: path) }
    }

    func send(_ signal: Int32) { _ = kill(process.processIdentifier, signal) }

    /// What it has written to standard error so far.
    var errors: String { text(errorPath) }

    /// Waits until standard error holds `text`.
    func wait(for text: String, seconds: Double = 60) throws {
        try wait(seconds, "'\(text)'") { errors.contains(text) || !process.isRunning }
        guard errors.contains(text) else { throw Failure("ended without '\(text)': \(errors)") }
    }

    /// Waits for the end.
    func finish(seconds: Double = 120) throws -> Outcome {
        try wait(seconds, "its end") { !process.isRunning }
        return Outcome(
            status: process.terminationReason == .exit ? process.terminationStatus : nil, output: text(outputPath),
            errors: errors)
    }

    private func wait(_ seconds: Double, _ what: String, until isDone: () -> Bool) throws {
        let end = Date(timeIntervalSinceNow: seconds)
        while !isDone() {
            guard Date() < end else { throw Failure("waited \(seconds) s for \(what): \(errors)") }
            Thread.sleep(forTimeInterval: 0.004)
        }
    }

    private func text(_ path: String) -> String {
        String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
    }

    /// The command beside the test bundle.
    private static let binary = Result {
        let places = [
            URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().path,
            URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().path,
            Bundle(for: Invocation.self).bundleURL.deletingLastPathComponent().path,
            Bundle.main.bundleURL.path, ".build/release", ".build/debug",
        ]
        guard let place = places.first(where: { FileManager.default.isExecutableFile(atPath: $0 + "/sora") }) else {
            throw Failure("the command 'sora' is in none of \(places)")
        }
        return URL(fileURLWithPath: place + "/sora").path
    }
}

/// Runs `sora` to its end.
func sora(_ arguments: String..., in folder: String? = nil) throws -> Invocation.Outcome {
    try Invocation(arguments, in: folder).finish()
}

/// Runs `sora` to its end.
func sora(_ arguments: [String], in folder: String? = nil) throws -> Invocation.Outcome {
    try Invocation(arguments, in: folder).finish()
}
