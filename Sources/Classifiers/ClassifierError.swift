/// Why a classifier could not be fitted, or read from what was stored of it.
public struct ClassifierError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it was. Open: switch over it with a default.
    public struct Code: Hashable, Sendable {
        let name: String
        /// Vectors or labels that nothing can be fitted to.
        public static let data = Code(name: "data")
        /// A setting that makes no sense.
        public static let settings = Code(name: "settings")
        /// Stored numbers that are no classifier's.
        public static let stored = Code(name: "stored")
        /// LIBSVM or XGBoost refused.
        public static let library = Code(name: "library")
    }

    /// What kind of failure it was.
    public let code: Code
    /// What was wrong, and what to do about it.
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
