internal import CLIBSVM

/// A machine in LIBSVM's own form, made of numbers that were checked: its reader of files trusts the counts in them.
///
/// `@unchecked Sendable`: nothing is written after it is made, and LIBSVM's predictions only read.
@safe final class LIBSVMMachine: @unchecked Sendable {
    private let model: UnsafeMutablePointer<svm_model>
    /// Coefficients, offsets, slopes and shifts, one after the other.
    private let doubles: UnsafeMutableBufferPointer<Double>
    /// Labels and counts.
    private let integers: UnsafeMutableBufferPointer<Int32>
    private let nodes: UnsafeMutableBufferPointer<svm_node>
    private let rows: UnsafeMutableBufferPointer<UnsafeMutablePointer<svm_node>?>
    private let coefficients: UnsafeMutableBufferPointer<UnsafeMutablePointer<Double>?>
    private let classes: [Int]
    private let vectorCount: Int

    /// - Parameter numbers: of which all counts go together.
    init(_ numbers: MachineNumbers) {
        let (classCount, count) = (numbers.labels.count, numbers.vectorCount)
        (classes, vectorCount) = (numbers.labels, count)
        let all = numbers.coefficients + numbers.offsets + numbers.slopes + numbers.shifts
        unsafe doubles = .allocate(capacity: all.count)
        _ = unsafe doubles.initialize(from: all.lazy.map(Double.init))
        unsafe integers = .allocate(capacity: 2 * classCount)
        _ = unsafe integers.initialize(from: (numbers.labels.indices.map { $0 } + numbers.counts).map(Int32.init))
        unsafe nodes = .allocate(capacity: count)
        _ = unsafe nodes.initialize(from: (0..<count).lazy.map { svm_node(index: 0, value: Double($0 + 1)) })
        unsafe rows = .allocate(capacity: count)
        unsafe rows.initialize(repeating: nil)
        for row in 0..<count { unsafe rows[row] = unsafe nodes.baseAddress.map { unsafe $0 + row } }
        unsafe coefficients = .allocate(capacity: classCount - 1)
        unsafe coefficients.initialize(repeating: nil)
        let base = unsafe doubles.baseAddress
        for row in 0..<classCount - 1 { unsafe coefficients[row] = unsafe base.map { unsafe $0 + row * count } }

        unsafe model = .allocate(capacity: 1)
        unsafe model.initialize(to: svm_model())
        let pairs = MachineNumbers.pairs(classCount)
        let borders = (classCount - 1) * count
        unsafe model.pointee.param.svm_type = Int32(C_SVC)
        unsafe model.pointee.param.kernel_type = Int32(PRECOMPUTED)
        unsafe model.pointee.nr_class = Int32(classCount)
        unsafe model.pointee.l = Int32(count)
        unsafe model.pointee.SV = rows.baseAddress
        unsafe model.pointee.sv_coef = coefficients.baseAddress
        unsafe model.pointee.rho = base.map { unsafe $0 + borders }
        unsafe model.pointee.probA = base.map { unsafe $0 + borders + pairs }
        unsafe model.pointee.probB = base.map { unsafe $0 + borders + 2 * pairs }
        unsafe model.pointee.label = integers.baseAddress
        unsafe model.pointee.nSV = unsafe integers.baseAddress.map { unsafe $0 + classCount }
    }

    deinit {
        unsafe model.deallocate()
        unsafe coefficients.deallocate()
        unsafe rows.deallocate()
        unsafe nodes.deallocate()
        unsafe integers.deallocate()
        unsafe doubles.deallocate()
    }

    /// The probability of each class, in the order of the machine's labels.
    /// - Parameter kernel: the kernel's value with each support vector.
    func probabilities(kernel: [Double]) -> [Double] {
        let input = input(kernel)
        var result = [Double](repeating: 0, count: classes.count)
        _ = unsafe svm_predict_probability(model, input, &result)
        return result
    }

    /// The distance from each border, `[pair]`.
    func decisions(kernel: [Double]) -> [Double] {
        let input = input(kernel)
        var result = [Double](repeating: 0, count: MachineNumbers.pairs(classes.count))
        _ = unsafe svm_predict_values(model, input, &result)
        return result
    }

    private func input(_ kernel: [Double]) -> [svm_node] {
        var input = [svm_node(index: 0, value: 0)]
        input.reserveCapacity(vectorCount + 2)
        for place in 0..<vectorCount { input.append(svm_node(index: Int32(place + 1), value: kernel[place])) }
        // LIBSVM looks for an end in some of its versions.
        input.append(svm_node(index: -1, value: 0))
        return input
    }
}
