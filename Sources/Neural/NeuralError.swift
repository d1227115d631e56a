/// Why a graph, a plan or a weight file could not be made or run.
public struct NeuralError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it was. Open: switch over it with a default.
    public struct Code: Hashable, Sendable {
        let name: String
        /// Shapes that do not go together, or a size that is not positive.
        public static let shape = Code(name: "shape")
        /// An input, parameter or output that is missing or has the wrong type.
        public static let binding = Code(name: "binding")
        /// An operation that has no gradient, or that the backend cannot run.
        public static let unsupported = Code(name: "unsupported")
        /// A weight file that is malformed or does not fit the network.
        public static let format = Code(name: "format")
        /// A file that could not be read or written.
        public static let file = Code(name: "file")
        /// The kernel library reported a failure.
        public static let backend = Code(name: "backend")
    }

    /// What kind of failure it was.
    public let code: Code
    /// What was wrong, with which file or operation, and what to do about it.
    public let message: String
    /// The failure beneath, in the words of whoever reported it.
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

    public var description: String { message + (cause.map { " (\($0))" } ?? "") }
}
