using '../main.bicep'

param environmentName = 'dedicated'
param location = 'usgovvirginia'
param plan = 'dedicated'
param useReader = true
