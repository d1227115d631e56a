/// A support vector machine (Cortes & Vapnik 1995) between each pair of classes, over standardised vectors, with
/// probabilities by pairwise coupling (Wu, Lin & Weng 2004): LIBSVM's C-SVC.
///
/// The kernel's values are worked out here and given to LIBSVM ready-made, so that all settings of a search share the
/// vectors' distances. Settings: `C`, and with the Gaussian kernel `gamma`. Cost of a prediction: a sum over all support
/// vectors.
public struct SupportVectorMachine: Classifier {
    private let scaling: FeatureScaling
    /// Of the kernel `exp(-gamma |a - b|²)`; nil for the kernel `a · b`.
    private let gamma: Float?
    /// `[vector, feature]`, standardised.
    private let vectors: [Float]
    private let numbers: MachineNumbers
    private let machine: LIBSVMMachine
    /// How many classes there are.
    public let classCount: Int

    /// How many numbers a vector has.
    public var featureCount: Int { scaling.mean.count }
    public var kind: ClassifierKind { gamma == nil ? .linearSVM : .svm }
    /// How many of the training vectors it keeps.
    public var vectorCount: Int { numbers.vectorCount }

    private init(
        _ scaling: FeatureScaling, gamma: Float?, vectors: [Float], _ numbers: MachineNumbers, classCount: Int
    ) {
        (self.scaling, self.gamma, self.vectors, self.numbers) = (scaling, gamma, vectors, numbers)
        self.classCount = classCount
        machine = LIBSVMMachine(numbers)
    }

    static func fit(
        _ given: LabelledVectors, _ settings: [ClassifierSettings], isLinear: Bool, seed: UInt64
    ) throws -> [any Classifier] {
        // LIBSVM takes classes in the order in which it meets them.
        let data = given.rows(given.labels.indices.sorted { (given.labels[$0], $0) < (given.labels[$1], $1) })
        let matrix = try KernelMatrix(count: data.count)
        let scaling = FeatureScaling(data, .standard)
        let (rows, width) = (scaling.apply(to: data), data.featureCount)
        func row(_ index: Int) -> ArraySlice<Float> { rows[index * width..<(index + 1) * width] }
        var common: [Double] = []
        common.reserveCapacity(data.count * (data.count + 1) / 2)
        for a in 0..<data.count {
            for b in 0...a {
                common.append(
                    isLinear ? VectorMath.dot(row(a), row(b)) : VectorMath.squaredDistance(row(a), row(b)))
            }
        }
        return try settings.map { settings in
            let gamma = isLinear ? nil : Float(settings["gamma", default: 1 / Double(width)])
            matrix.fill { a, b in
                let value = common[a * (a + 1) / 2 + b]
                return gamma.map { exponential(-Double($0) * value) } ?? value
            }
            let (numbers, vectors) = try LIBSVM.fit(
                matrix, labels: data.labels, cost: settings["C", default: 1], weights: data.classWeights, seed: seed)
            return SupportVectorMachine(
                scaling, gamma: gamma, vectors: vectors.flatMap(row), numbers, classCount: data.classCount)
        }
    }

    /// Those that the machines of all pairs agree on best; 0 for a class that had no vectors.
    public func probabilities(_ vector: [Float]) throws -> [Float] {
        let found = machine.probabilities(kernel: try kernel(vector))
        var result = [Float](repeating: 0, count: classCount)
        for (label, probability) in zip(numbers.labels, found) { result[label] = Float(probability) }
        return result
    }

    /// The distance from the border of each pair of the classes that it was fitted to: above 0 on the first one's side.
    /// - Throws: `ClassifierError.data` if `vector` has not `featureCount` numbers.
    public func decisions(_ vector: [Float]) throws -> [Double] { machine.decisions(kernel: try kernel(vector)) }

    private func kernel(_ vector: [Float]) throws -> [Double] {
        try check(vector)
        let (scaled, width) = (scaling.apply(vector), featureCount)
        return (0..<vectorCount).map { index in
            let own = vectors[index * width..<(index + 1) * width]
            guard let gamma else { return VectorMath.dot(scaled[...], own) }
            return exponential(-Double(gamma) * VectorMath.squaredDistance(scaled[...], own))
        }
    }
}

extension SupportVectorMachine {
    /// The most classes it is read with: its memory grows with their square.
    private static let classLimit = 1000

    /// The scaling, the kernel's width, and LIBSVM's numbers in its order.
    public var arrays: ClassifierArrays {
        var arrays = ClassifierArrays()
        scaling.store(in: &arrays)
        arrays.set("gamma", [gamma == nil ? 0 : 1], gamma.map { [$0] } ?? [])
        arrays.set("vectors", [vectorCount, featureCount], vectors)
        arrays.set("labels", [numbers.labels.count], numbers.labels.map(Int32.init))
        arrays.set("counts", [numbers.counts.count], numbers.counts.map(Int32.init))
        arrays.set("coefficients", [numbers.labels.count - 1, vectorCount], numbers.coefficients)
        for (name, values) in [("offsets", numbers.offsets), ("slopes", numbers.slopes), ("shifts", numbers.shifts)] {
            arrays.set(name, [values.count], values)
        }
        return arrays
    }

    public init(_ arrays: ClassifierArrays, classCount: Int) throws {
        try arrays.require(
            FeatureScaling.names.union([
                "gamma", "vectors", "labels", "counts", "coefficients", "offsets", "slopes", "shifts",
            ]))
        let scaling = try FeatureScaling(arrays)
        let gamma = try arrays.floats("gamma", [nil]).values
        guard gamma.count <= 1, gamma.allSatisfy({ $0 > 0 }) else {
            throw ClassifierArrays.fault("gamma", "should be one positive number, or none")
        }
        let labels = try arrays.integers("labels", [nil], in: 0...(classCount - 1)).values
        guard (2...Self.classLimit).contains(labels.count), Set(labels).count == labels.count else {
            throw ClassifierArrays.fault("labels", "should be 2 to \(Self.classLimit) different classes")
        }
        let (vectors, shape) = try arrays.floats("vectors", [nil, scaling.mean.count])
        let counts = try arrays.integers("counts", [labels.count], in: 0...Int(Int32.max)).values
        guard counts.reduce(0, +) == shape[0], shape[0] > 0, shape[0] <= KernelMatrix.limit else {
            throw ClassifierArrays.fault("counts", "does not go with the \(shape[0]) vectors")
        }
        let pairs = MachineNumbers.pairs(labels.count)
        let numbers = MachineNumbers(
            labels: labels, counts: counts,
            coefficients: try arrays.floats("coefficients", [labels.count - 1, shape[0]]).values,
            offsets: try arrays.floats("offsets", [pairs]).values,
            slopes: try arrays.floats("slopes", [pairs]).values,
            shifts: try arrays.floats("shifts", [pairs]).values)
        self.init(scaling, gamma: gamma.first, vectors: vectors, numbers, classCount: classCount)
    }
}
