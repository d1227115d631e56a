import Foundation

extension Error {
    /// What is wrong with JSON that could not be decoded, in a few words: where it is, and what is there or missing.
    package var decodingFault: String {
        func place(_ context: DecodingError.Context, _ last: (any CodingKey)? = nil) -> String {
            let keys = (context.codingPath + (last.map { [$0] } ?? [])).map(\.stringValue)
            return keys.isEmpty ? "it" : "\"\(keys.joined(separator: "."))\""
        }
        return switch self as? DecodingError {
        case .keyNotFound(let key, let context): "\(place(context, key)) is missing"
        case .valueNotFound(_, let context): "\(place(context)) is empty"
        case .typeMismatch(_, let context): "\(place(context)) is of another type"
        case .dataCorrupted(let context) where context.codingPath.isEmpty: "it is not valid JSON"
        case .dataCorrupted(let context): "\(place(context)) has a value that is not known"
        case nil: "\(self)"
        @unknown default: "it cannot be decoded"
        }
    }
}
