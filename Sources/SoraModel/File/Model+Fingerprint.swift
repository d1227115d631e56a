internal import Foundation
internal import Neural

extension Model {
    /// Changes with all that a clip's embedding depends on: what is done to frames, the network's shape, and the weights.
    /// Two models with the same one give vectors that can be compared. Cost: some milliseconds for a million weights.
    public var fingerprint: String {
        get throws {
            var fingerprint = Fingerprint()
            var described = configuration
            // What is decided from the embedding does not change it.
            (described.labels, described.head) = ([], Head(kind: .multiClass))
            let encoder = JSONEncoder()
            encoder.outputFormatting = .sortedKeys
            fingerprint.add(try encoder.encode(described))
            for parameter in parameters.parameters where !parameter.name.hasPrefix("head.") {
                fingerprint.add(parameter.name)
                fingerprint.add(try parameters.tensor(parameter.name).floats)
            }
            return fingerprint.text
        }
    }
}
