# Le rapport d'un scan.
