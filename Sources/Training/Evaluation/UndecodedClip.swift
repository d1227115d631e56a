public import Datasets

/// A clip that could not be decoded, and was left out.
public struct UndecodedClip: Codable, Sendable, Hashable {
    /// Its file.
    public var path: String
    /// What was wrong with it.
    public var error: String

    public init(_ failure: ClipLoader.Failure) {
        path = failure.path
        error = "\(failure.error)"
    }
}
