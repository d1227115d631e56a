import ArgumentParser

/// Work over many files that a bad one does not stop.
enum FileBatch {
    private struct Failure: Encodable {
        var path: String
        var error: String
    }

    /// Calls `body` with each file. A file whose turn throws is reported, and the next one follows.
    /// - Throws: `ExitCode.failure` at the end, if any file failed.
    static func run(_ files: [String], json: Bool, _ body: (String) throws -> Void) throws {
        var failed = 0
        for file in files {
            do {
                try body(file)
            } catch {
                failed += 1
                try report(error, file: file, json: json)
            }
        }
        try conclude(failed: failed, of: files.count)
    }

    /// Says on standard error, and in the results if they are JSON, that a file failed.
    static func report(_ error: any Error, file: String, json: Bool) throws {
        Console.failure(error)
        if json { Console.result(try Failure(path: file, error: "\(error)").jsonLine()) }
    }

    /// - Throws: `ExitCode.failure` if any file failed.
    static func conclude(failed: Int, of count: Int) throws {
        guard failed > 0 else { return }
        if count > 1 { Console.note("sora: \(failed) of \(count) files failed") }
        throw ExitCode.failure
    }
}
