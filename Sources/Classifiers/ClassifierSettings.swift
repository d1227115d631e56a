/// What a method is to be set to: numbers by name, such as `C` and `gamma`.
public struct ClassifierSettings: Sendable, Hashable, Codable, CustomStringConvertible {
    /// The numbers.
    public var values: [String: Double]

    public init(_ values: [String: Double] = [:]) { self.values = values }

    /// A number; what the method takes on its own where it is not set.
    subscript(_ name: String, default standard: Double) -> Double { values[name] ?? standard }

    /// `C 1, gamma 0.01`
    public var description: String {
        values.isEmpty
            ? "-" : values.sorted { $0.key < $1.key }.map { "\($0.key) \(Self.text($0.value))" }.joined(separator: ", ")
    }

    /// A number with at most four digits that count, as people write it.
    static func text(_ value: Double) -> String {
        guard value.isFinite, abs(value) < 1e15 else { return "\(value)" }
        if value == value.rounded() { return "\(Int(value))" }
        var scale = 1.0
        while abs(value) * scale < 1000, scale < 1e15 { scale *= 10 }
        let rounded = (value * scale).rounded() / scale
        return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
    }
}

extension ClassifierSettings {
    /// Every combination of some values, the last name's changing fastest.
    public static func grid(_ axes: [(name: String, values: [Double])]) -> [ClassifierSettings] {
        axes.reduce([ClassifierSettings()]) { combinations, axis in
            combinations.flatMap { settings in
                axis.values.map { ClassifierSettings(settings.values.merging([axis.name: $0]) { $1 }) }
            }
        }
    }
}
