/// Why a model could not be trained or evaluated.
public struct TrainingError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it was. Open: switch over it with a default.
    public struct Code: Hashable, Sendable {
        let name: String
        /// An option that makes no sense.
        public static let options = Code(name: "options")
        /// Data that cannot be trained on.
        public static let data = Code(name: "data")
        /// The loss is no longer a number.
        public static let diverged = Code(name: "diverged")
        /// A checkpoint that is damaged or of another run.
        public static let checkpoint = Code(name: "checkpoint")
    }

    /// What kind of failure it was.
    public let code: Code
    /// What was wrong, with which file, and what to do about it.
    public let message: String
    /// Where in the source it was thrown.
    public let location: String

    public init(_ code: Code, _ message: String, file: StaticString = #fileID, line: UInt = #line) {
        self.code = code
        self.message = message
        self.location = "\(file):\(line)"
    }

    public var description: String { message }
}
