internal import CLIBSVM
internal import Synchronization

/// Fits support vector machines to ready-made kernel values.
enum LIBSVM {
    /// The C library's random numbers, from which LIBSVM draws, are one sequence for the whole process.
    private static let lock = Mutex(())

    /// - Parameters:
    ///   - labels: the class of each row of the matrix; two classes at least.
    ///   - cost: what a vector on the wrong side costs.
    ///   - weights: by how much that of each class is multiplied.
    /// - Returns: the machine, and the rows that are its support vectors, class by class.
    /// - Throws: `ClassifierError.library` if LIBSVM refuses.
    static func fit(
        _ matrix: KernelMatrix, labels: [Int], cost: Double, weights: [Double], seed: UInt64
    ) throws -> (numbers: MachineNumbers, vectors: [Int]) {
        var targets = labels.map(Double.init)
        var (weightLabels, weights) = (weights.indices.map(Int32.init), weights)
        return try lock.withLock { _ in
            sora_svm_be_silent()
            seedLibraryRandom(seed)
            return try unsafe targets.withUnsafeMutableBufferPointer { targets in
                try unsafe weightLabels.withUnsafeMutableBufferPointer { weightLabels in
                    try unsafe weights.withUnsafeMutableBufferPointer { weights in
                        var problem = unsafe svm_problem()
                        unsafe problem.l = Int32(matrix.count)
                        unsafe problem.y = targets.baseAddress
                        unsafe problem.x = matrix.rows.baseAddress
                        var parameters = unsafe svm_parameter()
                        unsafe parameters.svm_type = Int32(C_SVC)
                        unsafe parameters.kernel_type = Int32(PRECOMPUTED)
                        unsafe parameters.cache_size = 100
                        unsafe parameters.eps = 1e-3
                        unsafe parameters.C = cost
                        unsafe parameters.nr_weight = Int32(weights.count)
                        unsafe parameters.weight_label = weightLabels.baseAddress
                        unsafe parameters.weight = weights.baseAddress
                        unsafe parameters.shrinking = 1
                        unsafe parameters.probability = 1
                        return try unsafe fit(&problem, &parameters)
                    }
                }
            }
        }
    }

    private static func fit(
        _ problem: UnsafePointer<svm_problem>, _ parameters: UnsafePointer<svm_parameter>
    ) throws -> (numbers: MachineNumbers, vectors: [Int]) {
        if let fault = unsafe svm_check_parameter(problem, parameters) {
            throw ClassifierError(.library, "LIBSVM refuses: \(unsafe String(cString: fault))")
        }
        var made = unsafe svm_train(problem, parameters)
        defer { unsafe svm_free_and_destroy_model(&made) }
        guard let model = unsafe made?.pointee else { throw ClassifierError(.library, "LIBSVM made no model") }
        let (classes, count) = unsafe (Int(model.nr_class), Int(model.l))
        let pairs = MachineNumbers.pairs(classes)
        func floats(_ pointer: UnsafeMutablePointer<Double>?, _ count: Int) throws -> [Float] {
            guard let pointer = unsafe pointer else { throw ClassifierError(.library, "LIBSVM left out a number") }
            return unsafe UnsafeBufferPointer(start: pointer, count: count).map(Float.init)
        }
        func integers(_ pointer: UnsafeMutablePointer<Int32>?, _ count: Int) throws -> [Int] {
            guard let pointer = unsafe pointer else { throw ClassifierError(.library, "LIBSVM left out a number") }
            return unsafe UnsafeBufferPointer(start: pointer, count: count).map(Int.init)
        }
        let coefficients = try (0..<classes - 1).flatMap { try unsafe floats(model.sv_coef?[$0], count) }
        let numbers = try unsafe MachineNumbers(
            labels: integers(model.label, classes), counts: integers(model.nSV, classes), coefficients: coefficients,
            offsets: floats(model.rho, pairs), slopes: floats(model.probA, pairs), shifts: floats(model.probB, pairs))
        return (numbers, try unsafe integers(model.sv_indices, count).map { $0 - 1 })
    }
}
