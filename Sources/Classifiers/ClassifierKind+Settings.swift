extension ClassifierKind {
    /// A number that a method can be set to.
    public struct Setting: Sendable, Hashable {
        /// Its name.
        public var name: String
        /// Values worth trying, those that make the simplest classifier first.
        public var values: [Double]
        /// What it may be.
        public var range: ClosedRange<Double>
        /// Whether it is a count.
        public var isWhole = false
    }

    /// What it can be set to, with the values that a search tries for vectors of so many numbers.
    public func settings(featureCount: Int) -> [Setting] {
        let positive = 1e-12...1e12
        switch self {
        case .svm:
            // The squared distance of standardised vectors grows with how many numbers they have.
            let unit = 1 / Double(max(featureCount, 1))
            return [
                Setting(name: "C", values: [0.1, 1, 10, 100], range: positive),
                Setting(name: "gamma", values: [0.03, 0.1, 0.3, 1, 3].map { $0 * unit }, range: positive),
            ]
        case .linearSVM:
            return [Setting(name: "C", values: [1e-5, 1e-4, 1e-3, 0.01, 0.1, 1], range: positive)]
        case .tree:
            return [
                Setting(name: "depth", values: [1, 2, 3, 4, 6, 8], range: 1...32, isWhole: true),
                Setting(name: "leaf", values: [10, 5, 2], range: 1...1e9, isWhole: true),
            ]
        case .boosted:
            return [
                Setting(name: "depth", values: [1, 2, 4], range: 1...16, isWhole: true),
                Setting(name: "rounds", values: [10, 30, 100], range: 1...10_000, isWhole: true),
            ]
        case .logistic:
            return [Setting(name: "lambda", values: [10, 3, 1, 0.3, 0.1, 0.03, 0.01, 1e-3], range: 1e-9...1e9)]
        case .neighbours:
            return [
                Setting(name: "k", values: [21, 11, 7, 5, 3, 1], range: 1...1e9, isWhole: true),
                Setting(name: "centred", values: [0, 1], range: 0...1, isWhole: true),
            ]
        case .prototypes:
            return [Setting(name: "centred", values: [0, 1], range: 0...1, isWhole: true)]
        }
    }

    /// The combinations that a search tries.
    /// - Parameters:
    ///   - featureCount: how many numbers a vector has.
    ///   - given: values to try in the place of a setting's own.
    /// - Throws: `ClassifierError.settings` if there is no such setting, or it may not have such a value.
    public func grid(featureCount: Int, given: [String: [Double]] = [:]) throws -> [ClassifierSettings] {
        for (name, values) in given.sorted(by: { $0.key < $1.key }) {
            for value in values { try check(name, value) }
        }
        return ClassifierSettings.grid(
            settings(featureCount: featureCount).map { setting in
                let values = given[setting.name] ?? []
                return (setting.name, values.isEmpty ? setting.values : values)
            })
    }

    /// The middle of each setting's values, for where nothing can be compared.
    /// - Throws: as `grid`.
    public func standardSettings(
        featureCount: Int, given: [String: [Double]] = [:]
    ) throws -> ClassifierSettings {
        _ = try grid(featureCount: featureCount, given: given)
        return ClassifierSettings(
            Dictionary(
                settings(featureCount: featureCount).map { setting in
                    let given = given[setting.name] ?? []
                    let values = given.isEmpty ? setting.values : given
                    return (setting.name, values[values.count / 2])
                }, uniquingKeysWith: { first, _ in first }))
    }

    /// - Throws: `ClassifierError.settings` if there is no such setting, or it may not have such a value.
    func check(_ name: String, _ value: Double) throws {
        let known = settings(featureCount: 1)
        guard let setting = known.first(where: { $0.name == name }) else {
            throw ClassifierError(
                .settings,
                "a classifier of the kind \(rawValue) has no setting \(name); it has "
                    + known.map(\.name).joined(separator: ", "))
        }
        guard !setting.range.contains(value) || (setting.isWhole && value != value.rounded()) else { return }
        let (low, high) = (
            ClassifierSettings.text(setting.range.lowerBound), ClassifierSettings.text(setting.range.upperBound)
        )
        throw ClassifierError(
            .settings,
            "\(name) of a classifier of the kind \(rawValue) must be a \(setting.isWhole ? "whole " : "")number "
                + "from \(low) to \(high), not \(ClassifierSettings.text(value))")
    }
}
