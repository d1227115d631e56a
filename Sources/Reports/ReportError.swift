/// Why a report could not be made: what was wrong, and what reported it.
public struct ReportError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it was. Open: switch over it with a default.
    public struct Code: Hashable, Sendable {
        let name: String
        /// A template is not well formed.
        public static let template = Code(name: "template")
    }

    /// What kind of failure it was.
    public let code: Code
    /// What was wrong, in one clause.
    public let message: String
    /// The failure beneath, in the words of what reported it.
    public let cause: String?
    /// Where in the source it was thrown.
    public let location: String

    public init(
        _ code: Code, _ message: String, cause: String? = nil, file: StaticString = #fileID, line: UInt = #line
    ) {
        self.code = code
        self.message = message
        self.cause = cause
        self.location = "\(file):\(line)"
    }

    /// `message (cause)`
    public var description: String { message + (cause.map { " (\($0))" } ?? "") }
}
