import Foundation
import Synchronization
import Training

/// Where the command's words go: results to standard output, everything else to standard error.
enum Console {
    /// Whether standard error is a terminal, on which a line can be rewritten.
    static let isInteractive = isatty(STDERR_FILENO) == 1

    /// How progress is shown: a line that is rewritten on a terminal, plain lines elsewhere.
    static var progressStyle: ProgressStyle { isInteractive ? .terminal() : .plain() }

    private static let redirected = Atomic<Bool>(false)

    /// Whether results go to standard error for now, while a command that consists of others prints its own as JSON.
    static var resultsGoToErrors: Bool {
        get { redirected.load(ordering: .relaxed) }
        set { redirected.store(newValue, ordering: .relaxed) }
    }

    /// A line of results.
    static func result(_ line: String) {
        write(line + "\n", to: resultsGoToErrors ? .standardError : .standardOutput)
    }

    /// A line about what is happening.
    static func note(_ line: String) { write(line + "\n", to: .standardError) }

    /// Text about what is happening, as it is.
    static func progress(_ text: String) { write(text, to: .standardError) }

    /// What went wrong, and that it was this command that says so.
    static func failure(_ error: any Error) { note("sora: \(error)") }

    private static func write(_ text: String, to handle: FileHandle) {
        // A reader that went away (head, less) is no failure of ours.
        try? handle.write(contentsOf: Data(text.utf8))
    }
}

extension Encodable {
    /// The value as JSON on one line, keys sorted.
    func jsonLine() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}
