extension Evaluation {
    private enum CodingKeys: String, CodingKey {
        case count, accuracy, accuracyInterval, balancedAccuracy, macroPrecision, macroRecall, macroF1, microF1
        case classes, confusion
    }

    /// The keys are the properties' names; `accuracy` is the share and `accuracyInterval` its two ends.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(count, forKey: .count)
        try container.encode(accuracy, forKey: .accuracy)
        try container.encode([accuracyInterval.lower, accuracyInterval.upper], forKey: .accuracyInterval)
        try container.encodeIfPresent(balancedAccuracy, forKey: .balancedAccuracy)
        try container.encode(macroPrecision, forKey: .macroPrecision)
        try container.encode(macroRecall, forKey: .macroRecall)
        try container.encode(macroF1, forKey: .macroF1)
        try container.encode(microF1, forKey: .microF1)
        try container.encode(classes, forKey: .classes)
        try container.encodeIfPresent(confusion, forKey: .confusion)
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        count = try container.decode(Int.self, forKey: .count)
        let ends = try container.decode([Double].self, forKey: .accuracyInterval)
        guard ends.count == 2 else {
            throw DecodingError.dataCorruptedError(
                forKey: .accuracyInterval, in: container, debugDescription: "an interval has two ends")
        }
        accuracyInterval = Proportion(0, of: 0)
        accuracyInterval.value = try container.decode(Double.self, forKey: .accuracy)
        (accuracyInterval.lower, accuracyInterval.upper) = (ends[0], ends[1])
        balancedAccuracy = try container.decodeIfPresent(Double.self, forKey: .balancedAccuracy)
        macroPrecision = try container.decode(Double.self, forKey: .macroPrecision)
        macroRecall = try container.decode(Double.self, forKey: .macroRecall)
        macroF1 = try container.decode(Double.self, forKey: .macroF1)
        microF1 = try container.decode(Double.self, forKey: .microF1)
        classes = try container.decode([ClassScore].self, forKey: .classes)
        confusion = try container.decodeIfPresent([[Int]].self, forKey: .confusion)
    }
}
