using '../main.bicep'

param environmentName = 'smallest'
param location = 'westeurope'
